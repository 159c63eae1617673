import { el, table } from "./dom.js";
import uPlot from "./uplot.js";

const HEIGHT = 180;
const DAY_S = 86_400;
/** Days that are named below a chart, about. */
const MAX_LABELS = 5;
/** Share of a day that its bar takes, and the most pixels. */
const BAR = [0.7, 60];

/** Titles of the charts whose figures are open: a page that is read again leaves them so. */
const opened = new Set();

/**
 * @typedef {object} Series
 * @property {string} label
 * @property {readonly (number | null)[]} values One a day; null: nothing is known of it.
 * @property {string} color Name of a CSS variable.
 * @property {(value: number | null) => string} format
 * @property {boolean} [bars] Bars instead of a line.
 */

/**
 * A chart with one value a day of each series, and the same as a table.
 *
 * @param {string} title
 * @param {readonly string[]} days ISO dates of UTC, oldest first.
 * @param {readonly Series[]} series
 */
export function dayChart(title, days, series) {
  // Whoever cannot see it has the table.
  const place = el("div", { className: "plot", ariaHidden: "true" });
  const figure = el("figure", { role: "figure" }, [
    el("figcaption", {}, [title]),
    place,
    figures(title, days, series),
  ]);
  const seconds = days.map((day) => Date.parse(day) / 1_000);
  const options = optionsOf(seconds, series);
  /** @type {uPlot.AlignedData} */
  const data = [seconds, ...series.map(({ values }) => [...values])];
  /** @type {uPlot | null} */
  let plot = null;
  // Its width is known only once it is part of the page, and changes with it.
  new ResizeObserver((_entries, observer) => {
    const width = place.clientWidth;
    if (!figure.isConnected) {
      observer.disconnect();
      // uPlot keeps every plot in a list of its own until then.
      plot?.destroy();
    } else if (plot === null) plot = new uPlot({ ...options, width }, data, place);
    else if (plot.width !== width) plot.setSize({ width, height: HEIGHT });
  }).observe(figure);
  return figure;
}

/** @param {string} title @param {readonly string[]} days @param {readonly Series[]} series */
function figures(title, days, series) {
  const columns = [
    { title: "Day (UTC)", head: true },
    ...series.map(({ label }) => ({ title: label, number: true })),
  ];
  const rows = days.map((day, at) => [
    day,
    ...series.map(({ values, format }) => format(values[at] ?? null)),
  ]);
  const details = el(
    "details",
    {
      open: opened.has(title),
      ontoggle: () => {
        if (details.open) opened.add(title);
        else opened.delete(title);
      },
    },
    [el("summary", { ariaLabel: `${title}: figures` }, ["Figures"]), table(columns, rows, "No days.")],
  );
  return details;
}

/**
 * @param {readonly number[]} seconds
 * @param {readonly Series[]} series
 * @returns {Omit<uPlot.Options, "width">}
 */
function optionsOf(seconds, series) {
  const [first = 0] = seconds;
  const last = seconds.at(-1) ?? first;
  const { format } = series[0] ?? { format: String };
  const axis = { stroke: colorOf("--dim"), grid: { stroke: colorOf("--line"), width: 1 } };
  return {
    height: HEIGHT,
    tzDate: (at) => uPlot.tzDate(new Date(at * 1_000), "Etc/UTC"),
    cursor: { drag: { x: false, y: false } },
    scales: {
      x: { range: () => [first - DAY_S / 2, last + DAY_S / 2] },
      y: { range: (_plot, low, high) => rangeOf(low, high) },
    },
    axes: [
      { ...axis, splits: () => labelled(seconds), values: (_plot, at) => at.map(dayOf) },
      { ...axis, size: 64, values: (_plot, at) => at.map(format) },
    ],
    series: [{ label: "day", value: (_plot, at) => (at === null ? "" : dayOf(at)) }, ...series.map(seriesOf)],
  };
}

/**
 * @param {Series} series
 * @returns {uPlot.Series}
 */
function seriesOf({ label, color, format, bars = false }) {
  const stroke = colorOf(color);
  const value = (/** @type {uPlot} */ _plot, /** @type {number | null} */ at) => format(at);
  const points = { show: !bars, size: 6 };
  if (!bars) return { label, stroke, value, width: 2, points };
  const paths = uPlot.paths.bars?.({ size: [BAR[0] ?? 1, BAR[1] ?? 1] });
  return { label, stroke, fill: stroke, value, points, ...(paths && { paths }) };
}

/** @returns {[number, number]} From 0 on, unless something is below it; never empty. */
function rangeOf(/** @type {number | null} */ low, /** @type {number | null} */ high) {
  const [bottom, top] = [Math.min(0, low ?? 0), Math.max(0, high ?? 0)];
  return bottom === top ? [0, 1] : [bottom * 1.1, top * 1.1];
}

/** @param {readonly number[]} seconds */
function labelled(seconds) {
  const each = Math.ceil(seconds.length / MAX_LABELS);
  return seconds.filter((_, at) => (seconds.length - 1 - at) % each === 0);
}

/** @param {number} seconds */
function dayOf(seconds) {
  return new Date(seconds * 1_000).toISOString().slice(5, 10);
}

/** @param {string} name */
function colorOf(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name);
}

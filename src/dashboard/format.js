/** What stands for a figure that is not known. */
export const UNKNOWN = "–";

const LANGUAGE = "en";
const counts = new Intl.NumberFormat(LANGUAGE);
const times = new Intl.DateTimeFormat(undefined, { dateStyle: "short", timeStyle: "medium" });

/** The reader's own time zone, of which all times are: Europe/Berlin. */
export const ZONE = times.resolvedOptions().timeZone;

/** @param {number | null | undefined} value */
export function count(value) {
  return value === null || value === undefined ? UNKNOWN : counts.format(value);
}

/**
 * US dollars with two digits, or as many as a small amount needs to show two that count.
 *
 * @param {number | null | undefined} value
 */
export function usd(value) {
  if (value === null || value === undefined) return UNKNOWN;
  const size = Math.abs(value);
  const digits = size === 0 || size >= 0.1 ? 2 : Math.min(8, 1 - Math.floor(Math.log10(size)));
  return `${value < 0 ? "-" : ""}$${size.toLocaleString(LANGUAGE, { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
}

/** @param {number | null | undefined} ratio 0..1 */
export function percent(ratio) {
  if (ratio === null || ratio === undefined) return UNKNOWN;
  const digits = ratio !== 0 && Math.abs(ratio) < 0.1 ? 1 : 0;
  return `${(ratio * 100).toFixed(digits)} %`;
}

/** @param {number | null | undefined} ms */
export function duration(ms) {
  if (ms === null || ms === undefined) return UNKNOWN;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  return `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`;
}

/** The time in ZONE. @param {string | null | undefined} iso */
export function time(iso) {
  return iso ? times.format(new Date(iso)) : UNKNOWN;
}

/** @param {string | null} iso */
export function ago(iso) {
  if (iso === null) return "never";
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(iso)) / 1_000));
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3_600) return `${Math.round(seconds / 60)} min ago`;
  return seconds < 86_400 ? `${Math.round(seconds / 3_600)} h ago` : `${Math.round(seconds / 86_400)} d ago`;
}

/** @param {number | null | undefined} value 0..100 */
export function score(value) {
  return value === null || value === undefined ? UNKNOWN : String(Math.round(value * 10) / 10);
}

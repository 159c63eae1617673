/** @import {StatsReply} from "../http/stats.ts" */
/** @import {Status} from "../http/status.ts" */
/** @import {Child} from "./dom.js" */
import { call, withQuery } from "./api.js";
import { dayChart } from "./charts.js";
import { bar, el, facts, isolated, section, table } from "./dom.js";
import { ago, count, duration, percent, UNKNOWN, usd } from "./format.js";

/** @typedef {StatsReply["total"]} Figures */

const DAY_MS = 86_400_000;
const RANGES = [7, 30, 90];

let days = 7;
/** The alarms that were told last. */
let told = "";

/** What came in, where it went, and what that cost. */
export async function overviewPage() {
  const since = dayOf(Date.now() - (days - 1) * DAY_MS);
  const [stats, status] = await Promise.all([
    /** @type {Promise<StatsReply>} */ (call(withQuery("v1/stats", { since }))).catch(messageOf),
    /** @type {Promise<Status>} */ (call("v1/status")),
  ]);
  // The state is told without the log, too: that is when people look; and fewer days may have an answer.
  const shown = typeof stats === "string" ? [] : [tiles(stats), charts(stats), ...shares(stats)];
  // That the database is away is among the alarms.
  const unread = typeof stats === "string" && status.log.last_error === null ? [stats] : [];
  return [alarmList([...unread, ...status.alarms]), rangePicker(), ...shown, stateOf(status)];
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

function rangePicker() {
  const pick = el(
    "select",
    {
      id: "range",
      onchange: () => {
        days = Number(pick.value);
        dispatchEvent(new Event("hashchange"));
      },
    },
    RANGES.map((range) =>
      el("option", { value: String(range), selected: range === days }, [`last ${range} days`]),
    ),
  );
  return el("p", { className: "filters" }, [
    el("label", {}, ["Time ", pick]),
    el("span", { className: "dim" }, ["days of UTC"]),
  ]);
}

/** @param {StatsReply} stats */
function tiles({ total, baseline_model }) {
  const { savings, latency_ms: latency } = total;
  const left = savings.unknown_cost_requests;
  const known = [`${count(savings.requests)} requests against `, isolated(baseline_model)];
  return el("div", { className: "tiles" }, [
    tile("Requests", count(total.requests), [`${count(total.outcomes)} with an outcome`]),
    tile("Saved", usd(savings.usd), [
      ...known,
      left > 0 ? `; ${count(left)} of unknown cost left out` : null,
    ]),
    tile("True cost", usd(total.cost_usd), [
      `of ${count(total.cost_known_requests)} calls whose cost is known`,
    ]),
    tile("Latency p50", duration(latency?.p50), [
      `p95 ${duration(latency?.p95)}, p99 ${duration(latency?.p99)}`,
    ]),
    tile("Failures", percent(total.error_rate), [
      `${count(total.failures)} failed, ${count(total.cancelled)} cancelled`,
    ]),
    tile("Tokens", count(total.prompt_tokens), [
      `in, of them ${count(total.cached_tokens)} cached; ${count(total.completion_tokens)} out`,
    ]),
  ]);
}

/** @param {string} name @param {string} value @param {readonly Child[]} detail */
function tile(name, value, detail) {
  return el("div", { className: "tile" }, [
    el("span", { className: "dim" }, [name]),
    el("strong", {}, [value]),
    el("span", { className: "dim" }, detail),
  ]);
}

/** @param {StatsReply} stats */
function charts({ since, until, by_day }) {
  const known = new Map(by_day.map((figures) => [figures.day, figures]));
  const all = daysBetween(since, until);
  const of = (/** @type {(figures: Figures) => number | null} */ value) =>
    all.map((day) => {
      const figures = known.get(day);
      return figures === undefined ? null : value(figures);
    });
  return el("div", { className: "charts" }, [
    dayChart("Requests a day", all, [
      { label: "requests", values: of((day) => day.requests), color: "--blue", format: count, bars: true },
      { label: "failed", values: of((day) => day.failures), color: "--red", format: count, bars: true },
    ]),
    dayChart("Cost and savings a day", all, [
      { label: "true cost", values: of((day) => day.cost_usd), color: "--amber", format: usd, bars: true },
      { label: "saved", values: of((day) => day.savings.usd), color: "--green", format: usd },
    ]),
    dayChart("Latency of answers a day", all, [
      { label: "p50", values: of((day) => day.latency_ms?.p50 ?? null), color: "--blue", format: duration },
      { label: "p95", values: of((day) => day.latency_ms?.p95 ?? null), color: "--amber", format: duration },
    ]),
  ]);
}

/** @param {StatsReply} stats */
function shares(stats) {
  const { total } = stats;
  return [
    section("By tier", [
      sharesOf(
        "Tier",
        total,
        stats.by_tier.map((row) => [row.tier ?? "not auto-routed", row]),
      ),
    ]),
    section("By model", [
      sharesOf(
        "Model",
        total,
        stats.by_model.map((row) => [row.model, row]),
      ),
    ]),
    section("By how it was decided", [
      sharesOf(
        "Method",
        total,
        stats.by_method.map((row) => [row.method, row]),
      ),
    ]),
    section("By kind of work", [
      sharesOf(
        "Kind",
        total,
        stats.by_category.map((row) => [row.category ?? UNKNOWN, row]),
      ),
    ]),
    ...(stats.by_rollout.some(({ rollout }) => rollout !== null)
      ? [
          section("By group of the rollout", [
            sharesOf(
              "Group",
              total,
              stats.by_rollout.map((row) => [row.rollout ?? "in none", row]),
            ),
          ]),
        ]
      : []),
  ];
}

/**
 * @param {string} title
 * @param {Figures} total
 * @param {readonly (readonly [string, Figures])[]} rows
 */
function sharesOf(title, total, rows) {
  const columns = [
    { title },
    { title: "Requests", number: true },
    { title: "Share" },
    { title: "True cost", number: true },
    { title: "Saved", number: true },
    { title: "p50", number: true },
    { title: "p95", number: true },
    { title: "Failures", number: true },
  ];
  const cells = rows.map(([name, figures]) => [
    name,
    count(figures.requests),
    bar(total.requests === 0 ? 0 : figures.requests / total.requests),
    usd(figures.cost_usd),
    usd(figures.savings.usd),
    duration(figures.latency_ms?.p50),
    duration(figures.latency_ms?.p95),
    percent(figures.error_rate),
  ]);
  return table(columns, cells, "No decisions in this time.");
}

/** What an operator should look at now. @param {readonly string[]} alarms */
function alarmList(alarms) {
  const words = alarms.join("\n");
  // Read out once, not each time that the page is read again.
  const role = words === told ? "list" : "alert";
  told = words;
  if (alarms.length === 0) return null;
  return el(
    "ul",
    { className: "alarms", role },
    alarms.map((alarm) => el("li", {}, [alarm])),
  );
}

/** @param {Status} status */
function stateOf({ version, started_at, policy, classifier, log, callback }) {
  const { waiting, stored } = log.decisions;
  return section("State", [
    facts([
      [
        "Policy",
        `${policy.mode}, access ${policy.access}, revision ${policy.revision}, read ${ago(policy.last_success_at)}`,
      ],
      ["Warnings", policy.warnings.join("\n")],
      ["Classifier", `${classifier.configured}, revision ${classifier.revision}`],
      ["LLM", classifier.llm?.state ?? null],
      [
        "Log",
        log.outbox === null
          ? "off"
          : `${count(stored)} decisions stored since the start, ${count(waiting)} wait for the database`,
      ],
      [
        "LiteLLM",
        `${callback.litellm_version ?? "has not called yet"}, last question ${ago(callback.last_question_at)}`,
      ],
      ["Signalbox", `${version}, started ${ago(started_at)}`],
    ]),
  ]);
}

/** @param {string} since @param {string} until Both included. */
function daysBetween(since, until) {
  const length = Math.round((Date.parse(until) - Date.parse(since)) / DAY_MS) + 1;
  return Array.from({ length }, (_, at) => dayOf(Date.parse(since) + at * DAY_MS));
}

/** @param {number} ms */
function dayOf(ms) {
  return new Date(ms).toISOString().slice(0, 10);
}

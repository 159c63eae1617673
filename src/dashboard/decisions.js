/** @import {DecisionPage} from "../http/decisions.ts" */
/** @import {Child} from "./dom.js" */
import { call, withQuery } from "./api.js";
import { el, isolated, table } from "./dom.js";
import { duration, score, time, UNKNOWN, usd, ZONE } from "./format.js";

/** Filters of GET /v1/decisions that the page offers, each with what it is called and what can be chosen. */
const FILTERS = /** @type {const} */ ([
  ["method", "How", ["", "auto", "rule", "override", "alias", "pattern", "passthrough", "fallback"]],
  ["status", "Outcome", ["", "success", "failure", "cancelled"]],
  ["rating", "Feedback", ["", "up", "down"]],
  ["tier", "Tier", null],
  ["model", "Model", null],
  ["requested", "Asked for", null],
  ["user_id", "User", null],
  ["team_id", "Team", null],
  ["since", "Since", null],
]);

/**
 * The log, newest first.
 *
 * @param {URLSearchParams} query As GET /v1/decisions takes it, but that days are of the reader's time zone.
 */
export async function decisionsPage(query) {
  /** @type {DecisionPage} */
  const { decisions, next } = await call(withQuery("v1/decisions", askedFor(query)));
  const columns = [
    { title: "Time" },
    { title: "Asked for" },
    { title: "Model" },
    { title: "Tier" },
    { title: "Score", number: true },
    { title: "Why" },
    { title: "Outcome" },
    { title: "Cost", number: true },
    { title: "Latency", number: true },
    { title: "Feedback" },
  ];
  return [
    filterForm(query),
    table(columns, decisions.map(rowOf), "No decision is stored that fits."),
    el("p", { className: "pages" }, [
      query.has("before") ? link("Newest", without(query, "before")) : null,
      next === null ? null : link("Older", withValue(query, "before", next)),
    ]),
  ];
}

/** A day begins where its reader is, as times are shown; for the API it would be one of UTC. @param {URLSearchParams} query */
function askedFor(query) {
  const { since = "", ...rest } = Object.fromEntries(query);
  const start = new Date(`${since}T00:00`);
  // What is no day is an instant already, or for the API to refuse.
  return { ...rest, since: Number.isNaN(start.valueOf()) ? since : start.toISOString() };
}

/**
 * @param {DecisionPage["decisions"][number]} decision
 * @returns {Child[]}
 */
function rowOf(decision) {
  const shadow = decision.mode === "shadow" ? " (shadow)" : "";
  return [
    el("a", { className: "time", href: `#decision/${decision.id}` }, [time(decision.timestamp)]),
    decision.original_model,
    el("span", {}, [isolated(decision.resolved_model), shadow]),
    decision.tier ?? UNKNOWN,
    score(decision.score),
    el("span", { className: "cut", title: decision.reason }, [decision.reason]),
    outcomeOf(decision),
    usd(decision.cost_usd),
    duration(decision.latency_ms),
    thumbs(decision.feedback_up, decision.feedback_down),
  ];
}

/** @param {DecisionPage["decisions"][number]} decision */
function outcomeOf({ status, error_class, served_by, resolved_model }) {
  if (status === null) return UNKNOWN;
  const by = served_by === null || served_by === resolved_model ? [] : [", served by ", isolated(served_by)];
  const error = error_class === null ? [] : [": ", isolated(error_class)];
  return el("span", { className: status }, [status, ...error, ...by]);
}

/** @param {number} up @param {number} down */
function thumbs(up, down) {
  return [up > 0 ? `${up} up` : "", down > 0 ? `${down} down` : ""].filter(Boolean).join(", ");
}

/** @param {URLSearchParams} query */
function filterForm(query) {
  const fields = FILTERS.map(([name, title, choices]) => {
    const value = query.get(name) ?? "";
    return el("label", {}, [
      `${title} `,
      choices === null ? textField(name, value) : choice(name, value, choices),
    ]);
  });
  return el(
    "form",
    {
      className: "filters",
      onsubmit: (event) => {
        event.preventDefault();
        const given = [...new FormData(/** @type {HTMLFormElement} */ (event.currentTarget))];
        const asked = given.flatMap(([name, value]) => (value === "" ? [] : [[name, String(value)]]));
        const hash = `#${hashOf(new URLSearchParams(asked))}`;
        // The same again is no change of the address: what came since is shown.
        if (location.hash === hash) dispatchEvent(new Event("hashchange"));
        else location.hash = hash;
      },
    },
    [
      ...fields,
      el("button", {}, ["Show"]),
      query.size > 0 ? link("All", new URLSearchParams()) : null,
      el("span", { className: "dim" }, [`days and times of ${ZONE}`]),
    ],
  );
}

/** @param {string} name @param {string} value */
function textField(name, value) {
  const isDay = name === "since";
  return el("input", { name, value, type: isDay ? "date" : "text", size: 12, autocomplete: "off" });
}

/** @param {string} name @param {string} value @param {readonly string[]} choices */
function choice(name, value, choices) {
  const options = choices.map((one) => el("option", { value: one, selected: one === value }, [one || "all"]));
  return el("select", { name }, options);
}

/** @param {string} title @param {URLSearchParams} query */
function link(title, query) {
  return el("a", { href: `#${hashOf(query)}` }, [title]);
}

/** @param {URLSearchParams} query */
function hashOf(query) {
  return query.size === 0 ? "decisions" : `decisions?${query}`;
}

/** @param {URLSearchParams} query @param {string} name */
function without(query, name) {
  return new URLSearchParams([...query].filter(([key]) => key !== name));
}

/** @param {URLSearchParams} query @param {string} name @param {string} value */
function withValue(query, name, value) {
  return new URLSearchParams([...without(query, name), [name, value]]);
}

/** @import {Child} from "./dom.js" */
import { bar, el, facts, isolated, listed, table } from "./dom.js";
import { count, duration, UNKNOWN, usd } from "./format.js";

/** @typedef {{ readonly step: string, readonly [key: string]: unknown }} Step */

/** @typedef {{ readonly name: string, readonly contribution: number, readonly found: string }} Signal */

/**
 * The steps of a decision in the order in which they ran.
 *
 * @param {readonly Step[]} steps
 */
export function stepList(steps) {
  const items = steps.map(({ step, ...rest }) =>
    el("li", {}, [el("strong", {}, [step]), step === "classify" ? classified(rest) : valuesOf(rest)]),
  );
  return el("ol", { className: "steps" }, items);
}

/** @param {Readonly<Record<string, unknown>>} values */
function valuesOf(values) {
  const told = Object.entries(values).filter(([name, value]) => name !== "candidates" && !isEmpty(value));
  return facts(
    told.map(([name, value]) => [
      name.replaceAll("_", " "),
      typeof value === "object" ? el("span", {}, inWords(value)) : String(value),
    ]),
  );
}

/** @param {unknown} value */
function isEmpty(value) {
  return value === null || value === "" || (Array.isArray(value) && value.length === 0);
}

/** @param {unknown} value @returns {Child[]} */
function inWords(value) {
  if (value === null) return [UNKNOWN];
  if (Array.isArray(value)) return listed(value.map(inWords));
  if (typeof value !== "object") return [isolated(String(value))];
  return Object.entries(value)
    .filter(([, part]) => !isEmpty(part))
    .flatMap(([name, part], at) => [at === 0 ? "" : " ", isolated(name), " ", ...inWords(part)]);
}

/** @param {Readonly<Record<string, unknown>>} step */
function classified({ signals, ...rest }) {
  const moved = /** @type {readonly Signal[]} */ (Array.isArray(signals) ? signals : []);
  const most = Math.max(1, ...moved.map(({ contribution }) => Math.abs(contribution)));
  const rows = moved.map(({ name, contribution, found }) => [
    name,
    contribution.toFixed(1),
    bar(Math.abs(contribution) / most, contribution < 0 ? "down" : "up"),
    found,
  ]);
  const columns = [{ title: "Signal" }, { title: "Points", number: true }, { title: "" }, { title: "Found" }];
  return el("div", {}, [valuesOf(rest), table(columns, rows, "No signal moved the score.")]);
}

/**
 * @typedef {object} Candidate
 * @property {string} model
 * @property {string | null} tier
 * @property {boolean} eligible
 * @property {string | null} refusal
 * @property {number | null} [estimated_cost_usd]
 * @property {number | null} [estimatedCostUsd] As a step of POST /v1/simulate names it.
 * @property {number} [latency_ms]
 * @property {number} [latencyMs]
 */

/**
 * The models that were looked at, in the order of the ladder.
 *
 * @param {readonly unknown[]} looked
 * @param {string} chosen
 */
export function candidateTable(looked, chosen) {
  const candidates = /** @type {readonly Candidate[]} */ (looked);
  const columns = [
    { title: "Model" },
    { title: "Tier" },
    { title: "Can take it" },
    { title: "Estimated cost", number: true },
    { title: "Latency", number: true },
  ];
  /** @type {Child[][]} */
  const rows = candidates.map((candidate) => [
    candidate.model === chosen ? el("strong", {}, [candidate.model]) : candidate.model,
    candidate.tier ?? UNKNOWN,
    candidate.eligible ? "yes" : (candidate.refusal ?? "no"),
    usd(candidate.estimated_cost_usd ?? candidate.estimatedCostUsd),
    duration(candidate.latency_ms ?? candidate.latencyMs),
  ]);
  return table(columns, rows, `${count(0)} models were looked at.`);
}

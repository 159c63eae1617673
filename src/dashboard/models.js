/** @import {CatalogReply} from "../http/catalog-store.ts" */
/** @import {Child} from "./dom.js" */
import { call } from "./api.js";
import { el, isolated, listed, table } from "./dom.js";
import { count, duration, percent, time, UNKNOWN, usd, ZONE } from "./format.js";

const MILLION = 1_000_000;

/** The models that LiteLLM serves, and how each did lately. */
export async function modelsPage() {
  /** @type {CatalogReply} */
  const { models, litellm_version, revision, wildcards } = await call("v1/catalog");
  const columns = [
    { title: "Model" },
    { title: "Deployment" },
    { title: "In, 1M tokens", number: true },
    { title: "Out, 1M tokens", number: true },
    { title: "Context", number: true },
    { title: "Output", number: true },
    { title: "Can" },
    { title: "Average", number: true },
    { title: "p95", number: true },
    { title: "First token", number: true },
    { title: "Failures", number: true },
    { title: "State" },
  ];
  return [
    el("p", { className: "dim" }, [
      `LiteLLM ${litellm_version ?? ""}, catalogue ${revision}, ${count(models.length)} models. Latencies are of the newest 200 answers since the start, failures of the last 5 minutes, times of ${ZONE}.`,
    ]),
    table(columns, models.map(rowOf), "LiteLLM serves no model."),
    wildcards.length === 0
      ? null
      : el("p", {}, ["Names with a *: ", ...listed(wildcards.map((name) => [isolated(name)]))]),
  ];
}

/**
 * @param {CatalogReply["models"][number]} model
 * @returns {Child[]}
 */
function rowOf(model) {
  const { health } = model;
  return [
    model.name,
    model.deployment ?? UNKNOWN,
    priceOf(model.input_cost_per_token),
    priceOf(model.output_cost_per_token),
    count(model.max_input_tokens),
    count(model.max_output_tokens),
    abilitiesOf(model),
    duration(health?.latency_ms),
    duration(health?.latency_p95_ms),
    duration(health?.ttft_ms),
    percent(health?.error_rate),
    stateOf(health),
  ];
}

/** @param {number | null | undefined} perToken */
function priceOf(perToken) {
  return perToken === null || perToken === undefined ? UNKNOWN : usd(perToken * MILLION);
}

/** @param {CatalogReply["models"][number]} model */
function abilitiesOf(model) {
  const able = [
    model.supports_vision === true ? "images" : "",
    model.supports_function_calling === true ? "tools" : "",
    model.supports_response_schema === true ? "schemas" : "",
    model.supports_reasoning === true ? "reasoning" : "",
  ];
  return able.filter(Boolean).join(", ") || UNKNOWN;
}

/** @param {CatalogReply["models"][number]["health"]} health */
function stateOf(health) {
  if (health === null) return "not called yet";
  if (health.cooldown_until === null) return "in service";
  return el("span", { className: "failure" }, [`rests until ${time(health.cooldown_until)}`]);
}

/** @import {SimulationReply} from "../http/endpoints.ts" */
/** @import {Status} from "../http/status.ts" */
import { call } from "./api.js";
import { el, facts, isolated, section, table } from "./dom.js";
import { count, score, usd } from "./format.js";
import { candidateTable, stepList } from "./steps.js";

/** Decides one prompt without logging it, and says what would have led elsewhere. */
export async function tryPage() {
  const [{ policy }, aliases] = await Promise.all([
    /** @type {Promise<Status>} */ (call("v1/status")),
    aliasesOf(),
  ]);
  const auto = aliases.find(([, target]) => target === "auto_route") ?? aliases[0];
  const model = el("input", {
    name: "model",
    value: auto?.[0] ?? "auto",
    required: true,
    autocomplete: "off",
  });
  model.setAttribute("list", "aliases");
  const system = el("textarea", { name: "system", rows: 2 });
  const prompt = el("textarea", { name: "prompt", rows: 6, required: true });
  const answer = el("div", { role: "status" });
  let newest = 0;
  const form = el(
    "form",
    {
      className: "ask",
      onsubmit: async (event) => {
        event.preventDefault();
        newest += 1;
        const at = newest;
        answer.replaceChildren(el("p", { className: "none" }, ["Deciding"]));
        const asked = { model: model.value, system: system.value, prompt: prompt.value };
        const told = await decided(asked, policy.tiers);
        if (at === newest) answer.replaceChildren(el("div", {}, told));
      },
    },
    [
      el("label", {}, ["Model name that the client asks for ", model]),
      el(
        "datalist",
        { id: "aliases" },
        aliases.map(([value]) => el("option", { value })),
      ),
      el("label", {}, ["System text (may be empty) ", system]),
      el("label", {}, ["Prompt ", prompt]),
      el("button", {}, ["Decide"]),
      el("p", { className: "dim" }, ["Nothing is logged, and no model is asked but a classifier's."]),
    ],
  );
  return [form, answer];
}

/**
 * Names with what they lead to; none where gateway.yaml cannot be read now.
 *
 * @returns {Promise<[string, unknown][]>}
 */
async function aliasesOf() {
  /** @type {{ routing: Record<string, unknown> }} */
  const { routing } = await call("v1/policy").catch(() => ({ routing: {} }));
  return Object.entries(routing.aliases ?? {});
}

/**
 * @param {{ readonly model: string, readonly system: string, readonly prompt: string }} asked
 * @param {Status["policy"]["tiers"]} tiers
 */
async function decided({ model, system, prompt }, tiers) {
  const messages = [
    ...(system === "" ? [] : [{ role: "system", content: system }]),
    { role: "user", content: prompt },
  ];
  try {
    /** @type {SimulationReply} */
    const decision = await call("v1/simulate", { body: { model, messages } });
    return describe(decision, tiers);
  } catch (error) {
    return [
      el("p", { className: "alarms", role: "alert" }, [
        error instanceof Error ? error.message : String(error),
      ]),
    ];
  }
}

/** @param {SimulationReply} decision @param {Status["policy"]["tiers"]} tiers */
function describe(decision, tiers) {
  const looked = decision.trace.findLast(({ step }) => step === "candidates")?.candidates;
  return [
    el("h2", {}, [isolated(decision.requested_model), " → ", isolated(decision.model)]),
    el("p", { className: "lead" }, [decision.reason]),
    decision.score === null ? null : scale(decision.score, tiers),
    facts([
      ["Tier", decision.tier],
      ["How", decision.method],
      ["Score", decision.score === null ? null : `${score(decision.score)}, by ${decision.strategy}`],
      ["Input", `${count(decision.input_tokens)} tokens, about`],
      ["Estimated cost", usd(decision.estimated_cost_usd)],
      ["Mode", decision.rewrite ? decision.mode : `${decision.mode}: the request would go on as it came`],
    ]),
    section("What would have led elsewhere", [flips(decision)]),
    section("Models", [candidateTable(Array.isArray(looked) ? looked : [], decision.model)]),
    section("Steps", [stepList(decision.trace)]),
  ];
}

/** Where a score falls among the tiers. @param {number} at 0..100 @param {Status["policy"]["tiers"]} tiers */
function scale(at, tiers) {
  const parts = tiers.map(({ name, low, high }) => {
    const part = el("span", { className: at >= low && at < high + 1 ? "part here" : "part" }, [
      isolated(name),
      ` ${low}-${high}`,
    ]);
    part.style.flexGrow = String(high - low + 1);
    return part;
  });
  const mark = el("span", { className: "mark" }, ["▲"]);
  mark.style.left = `${at}%`;
  return el("div", { className: "scale", role: "img", ariaLabel: `score ${score(at)} of 100` }, [
    el("div", { className: "parts" }, parts),
    mark,
  ]);
}

/** @param {SimulationReply} decision */
function flips({ flips: found, near_rules, notes }) {
  const rows = found.map(({ words, tier, model, by_score }) => [words, tier ?? "", model, score(by_score)]);
  const near = near_rules.map(({ rule, condition, wanted, found: has }) =>
    el("li", {}, [
      ...[isolated(rule), " nearly matched: ", isolated(condition), " asks for "],
      ...[isolated(wanted ?? "something"), ", found ", isolated(has ?? "nothing")],
    ]),
  );
  const told = notes.map((note) => el("li", {}, [note]));
  const columns = [
    { title: "Change" },
    { title: "Tier" },
    { title: "Model" },
    { title: "By a score of", number: true },
  ];
  return el("div", {}, [table(columns, rows, "No single change would."), el("ul", {}, [...near, ...told])]);
}

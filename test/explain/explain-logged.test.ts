import { describe, expect, it } from "vitest";
import { chooseClassifier } from "../../src/classify/choose-classifier.ts";
import { describeExplanation } from "../../src/cli/describe-explanation.ts";
import { toldOfLogged } from "../../src/cli/describe-logged.ts";
import { createSnapshot } from "../../src/compose.ts";
import type { Context } from "../../src/decide/context.ts";
import { decide } from "../../src/decide/decide.ts";
import { explainLogged } from "../../src/explain/logged/explain-logged.ts";
import { catalogOf } from "../decide/decide-with.ts";
import { read } from "../request/read.ts";
import { policyOf } from "../support/sidecar-app.ts";
import { rowOf } from "./row-of.ts";

const POLICY = `
model_list:
  - {model_name: small, litellm_params: {model: openai/small}}
  - {model_name: middle, litellm_params: {model: openai/middle}}
  - {model_name: large, litellm_params: {model: anthropic/large}}
routing:
  fallback_tier: simple
  allow_overrides: all
  tiers:
    simple: {score_range: [0, 46], model: small}
    medium: {score_range: [47, 55], model: middle}
    complex: {score_range: [56, 100], model: large}
  aliases: {auto: auto_route}
  rules: []
`;

const user = (content: string) => ({ role: "user", content });
const HELLO = "What is the capital of France?";

interface Given {
  readonly messages?: readonly object[];
  readonly headers?: Record<string, string>;
  readonly storeText?: "none" | "full";
  readonly yaml?: string;
  readonly known?: Context["known"];
  readonly draws?: Context["draws"];
  /** Of every turn; null: what the shipped classifier gives. */
  readonly score?: number | null;
}

function readTurn() {
  const request = read({ model: "auto", messages: [user(HELLO)] });
  const turn = request.turns.at(-1);
  if (turn === undefined) throw new Error("no turn");
  return [request, turn] as const;
}

/** What `signalbox explain` says of a request, in lines. */
function explained(given: Given): string[] {
  const { messages = [user(HELLO)], headers = {}, storeText = "full", yaml = POLICY, known, draws } = given;
  const { score = 39.6 } = given;
  const policy = policyOf(yaml);
  const request = read({ model: "auto", messages }, { headers });
  const context: Context = {
    ...createSnapshot(policy),
    ...(score !== null && {
      classify: () => ({ strategy: "ml", score, confidence: null, signals: () => [] }) as const,
    }),
    catalog: null,
    draw: 0,
    now: new Date("2026-01-05T12:30:00Z"),
    ...(known && { known }),
    ...(draws && { draws }),
  };
  const row = rowOf({ request, context }, decide(request, context), storeText);
  const world = { policy, classifier: chooseClassifier(policy.classifier), catalog: null };
  const text = describeExplanation(explainLogged(row, world), toldOfLogged(row, policy));
  return text
    .split("\n")
    .slice(1)
    .map((line) => line.trim());
}

/** The second call of a tool loop whose human turn is with the provider, by the lines of `signalbox explain`. */
function explainedInLoop(images: number, yaml = POLICY): string[] {
  const policy = policyOf(yaml);
  const facts = { previous_response_by: "resp_1", previous_response_model: "middle", images };
  const body = { model: "auto", input: [{ type: "function_call_output", call_id: "a", output: "b" }] };
  const request = read(body, { call_type: "aresponses", facts });
  const catalog = catalogOf({ small: {}, middle: { supports_vision: false }, large: {} });
  const context: Context = { ...createSnapshot(policy), catalog, draw: 0, now: new Date(0) };
  const row = rowOf({ request, context }, decide(request, context), "none");
  const world = { policy, classifier: chooseClassifier(policy.classifier), catalog };
  return describeExplanation(explainLogged(row, world), toldOfLogged(row, policy)).split("\n");
}

describe("explainLogged() of a tool loop that names the response before", () => {
  it("decides it again by the model that wrote that", () => {
    expect(explainedInLoop(0).join()).not.toContain("cannot be told");
  });

  it("says that the model would go on if it could", () => {
    const lines = explainedInLoop(1).map((line) => line.trim());
    expect(lines).toContain("if middle could take it (it reads no images): medium (47-55), middle");
  });
});

describe("explainLogged()", () => {
  it("says where a request would have gone without the headers that it was sent with, and by which score", () => {
    expect(explained({ headers: { "x-signalbox-min-tier": "medium" }, storeText: "none" })).toContain(
      "without the header x-signalbox-min-tier: simple (0-46), small, by score 39.6",
    );
    expect(explained({ headers: { "x-signalbox-hint": "90" }, storeText: "none" })).toContain(
      "without the header x-signalbox-hint: simple (0-46), small, by score 39.6",
    );
    const scoredAnew = explained({ headers: { "x-signalbox-tier": "complex" }, score: null });
    const { score } = chooseClassifier(policyOf(POLICY).classifier).classify(...readTurn());
    expect(scoredAnew).toContain(
      `without the header x-signalbox-tier: simple (0-46), small, by score ${score.toFixed(1)}`,
    );
  });

  it("does not score anew what was not scored then where the text is not as it was, or others came before", () => {
    const headers = { "x-signalbox-priority": "critical" };
    expect(explained({ headers, storeText: "none" })).toEqual([
      "where its score would lead it cannot be told: its text is not stored as it was",
    ]);
    expect(explained({ headers, messages: [user("prove it"), user(HELLO)] })).toEqual([
      "where its score would lead it cannot be told: what the turns before scored is not logged with it",
    ]);
  });

  it("tells of scores only what holds whatever a header said", () => {
    // The floor may have been simple or medium: only what leads above both is known.
    const headers = { "x-signalbox-min-tier": "simple" };
    const told = explained({ score: 47.8, headers, storeText: "none" });
    expect(told).toEqual([
      "score 56 or more (8.20 higher): complex (56-100), large",
      "what else would flip it depends on what its headers said or its words asked for, which is not logged",
    ]);
  });

  it("tells nothing where the values of all headers together are too many to go through", () => {
    const headers = {
      ...{ "x-signalbox-tier": "simple", "x-signalbox-min-tier": "simple", "x-signalbox-pick": "cost" },
      ...{ "x-routing-strategy": "cost", "x-signalbox-prefer": "openai", "x-prefer-provider": "openai" },
    };
    expect(explained({ headers })).toEqual([
      "what would flip it cannot be told: what its headers can have said is too much, or not known",
    ]);
  });

  it("says that a lot which tried a neighbour may have tried the other one beside another tier", () => {
    const yaml = POLICY.replace("rules: []", "rules: []\n  explore: 0.5");
    const note =
      "a tier next to it was tried by lot, which beside another tier may have fallen on either neighbour";
    const draws = (explore: number) => ({ rollout: 0, explore, neighbour: 0.9 });
    expect(explained({ yaml, draws: draws(0) })).toContain(note);
    expect(explained({ yaml, draws: draws(0.9) })).not.toContain(note);
  });

  it("says where a turn would have gone that was raised, without its words", () => {
    const messages = [user(`${HELLO} Think harder!`)];
    const [first, ...rest] = explained({ messages, storeText: "none" }).filter((line) =>
      /not raised/.test(line),
    );
    expect(first).toMatch(/^had "think harder" not raised it: simple \(0-46\), small, by score \d\d\.\d$/);
    expect(rest).toEqual([]);
    const stuck = explained({ messages: [user(HELLO), user(HELLO), user(HELLO)], storeText: "none" });
    expect(stuck).toContain(
      "had 3 identical asks in a row not raised it: simple (0-46), small, by score 39.6",
    );
  });

  it("says where a turn would have gone whose tier a prompt cache held", () => {
    const yaml = POLICY.replace("  rules: []", "  conversation: {downgrade_after: 1, cache_aware: true}");
    const hold = { from: "medium", to: "simple", calls: 1, savingUsd: 0.001, rereadUsd: 0.1, held: true };
    const messages = [user("Prove it"), { role: "assistant", content: "done" }, user(HELLO)];
    expect(explained({ messages, yaml, known: { hold }, storeText: "none" })).toEqual([
      "score 56 or more (16.40 higher): complex (56-100), large",
      "had the prompt cache not held it: simple (0-46), small, by score 39.6",
    ]);
  });

  it("does not say what rules say that were not asked, behind one that stopped", () => {
    const rules = (second: string) =>
      POLICY.replace("rules: []", `rules: [{name: first, when: {turns: 1}, tier: complex}, ${second}]`);
    expect(explained({ yaml: rules("{name: second, when: {header: {x-kind: a}}, tier: medium}") })).toEqual([
      'what it would be without the rule "first" cannot be told: the rule "second" was not asked then',
    ]);
    expect(explained({ yaml: rules("{name: second, when: {turns: {max: 2}}, tier: medium}") })).toEqual([
      'without the rule "first": medium (47-55), middle',
      "no classifier was asked, so no score decides",
    ]);
  });

  it("does not say that a rule's model would have served where that may have been too slow for a limit", () => {
    const near = "{name: near, when: {turns: 1, has_tools: true}, model: aside, stop: false}";
    const yaml = (others: string) =>
      POLICY.replace("rules: []", `rules: [${near}${others}]`).replace(
        "model_list:",
        "model_list:\n  - {model_name: aside, litellm_params: {model: openai/aside}}",
      );
    const ofNear = (others: string) => explained({ yaml: yaml(others) }).filter((line) => /near/.test(line));
    const nearly = 'rule "near" nearly matched: has_tools wants yes, found no';
    expect(ofNear("")).toEqual([`${nearly}; with it: aside`]);
    expect(ofNear(", {name: limit, when: {turns: 1}, max_latency_ms: 1000}")).toEqual([nearly]);
  });
});

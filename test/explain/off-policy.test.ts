import { describe, expect, it } from "vitest";
import { chooseClassifier } from "../../src/classify/choose-classifier.ts";
import { createSnapshot } from "../../src/compose.ts";
import { decide } from "../../src/decide/decide.ts";
import { drawLots } from "../../src/decide/draws.ts";
import { ConversationMemory } from "../../src/explain/logged/conversation-memory.ts";
import { type LoggedDecision, parseLogged } from "../../src/explain/logged/logged-decision.ts";
import { createRedecider } from "../../src/explain/logged/redecide.ts";
import { ReplayTally } from "../../src/explain/replay/replay-tally.ts";
import { toRow } from "../../src/log/row.ts";
import type { Policy } from "../../src/policy/policy.ts";
import { makeRecord } from "../log/decision-record.ts";
import { read } from "../request/read.ts";
import { policyOf } from "../support/sidecar-app.ts";

const policyWith = (simple: string, routing = "") =>
  policyOf(`
model_list:
  - {model_name: small, litellm_params: {model: openai/small}}
  - {model_name: large, litellm_params: {model: openai/large}}
routing:
  fallback_tier: simple
  ${routing}
  tiers:
    simple: {score_range: [0, 65], ${simple}}
    complex: {score_range: [66, 100], model: large}
  aliases: {auto: auto_route}
  classifier: {strategy: static}
`);
const weighted = (small: number, large: number) =>
  policyWith(`models: [{model: small, weight: ${small}}, {model: large, weight: ${large}}], pick: weighted`);

/** Large always succeeds and small never does, so that a policy's success is its share of large. */
function logUnder(policy: Policy, conversations: number): LoggedDecision[] {
  const snapshot = createSnapshot(policy);
  return Array.from({ length: conversations }, (_, at) => {
    const request = read({ model: "auto", messages: [{ role: "user", content: `hello number ${at}` }] });
    const context = { ...snapshot, catalog: null, ...drawLots(request, policy), now: new Date() };
    const decision = decide(request, context);
    const record = { ...makeRecord({ features: null }), request, decision, classifierRevision: "static-2" };
    const row = toRow(record, { storeText: "full", hashKey: Buffer.alloc(32) });
    const status = row.resolved_model === "large" ? "success" : "failure";
    const outcome = { status, served_by: row.resolved_model, cost_usd: null };
    const parsed = parseLogged({ ...JSON.parse(JSON.stringify(row)), ...outcome });
    if (!parsed.ok) throw new Error(parsed.problem);
    return parsed.row;
  });
}

function offPolicyOf(rows: readonly LoggedDecision[], policy: Policy) {
  const classifier = chooseClassifier(policy.classifier);
  const memory = new ConversationMemory();
  const redeciding = { policy, classifier, catalog: null, memory };
  const tally = new ReplayTally(
    createRedecider(redeciding),
    createRedecider({ ...redeciding, lots: "none" }),
  );
  for (const row of rows) tally.add(row);
  return tally.report().off_policy;
}

describe("the off-policy estimate of a replay", () => {
  it("is a split's own share where the log was split by other weights", () => {
    const found = offPolicyOf(logUnder(weighted(1, 1), 2_000), weighted(1, 3));
    expect(found?.success.estimate?.low).toBeLessThan(0.75);
    expect(found?.success.estimate?.high).toBeGreaterThan(0.75);
    expect(found?.success.estimate?.value).toBeCloseTo(0.75, 1);
    expect(Math.abs((found?.success.meanWeight ?? 0) - 1)).toBeLessThan(0.1);
  });

  it("is that of a neighbouring tier where that was tried by lot", () => {
    const log = logUnder(policyWith("model: small", "explore: 0.2"), 2_000);
    const found = offPolicyOf(log, policyWith("model: large"));
    expect(found?.success.estimate?.value).toBe(1);
    expect(found?.success.logged).toBeCloseTo(0.2, 1);
    expect(Math.abs((found?.success.meanWeight ?? 0) - 1)).toBeLessThan(0.15);
  });

  it("is that of the same policy without its lots, where that is replayed", () => {
    const policy = policyWith("model: small", "explore: 0.2");
    const found = offPolicyOf(logUnder(policy, 2_000), policy);
    expect(found?.success.logged).toBeCloseTo(0.2, 1);
    expect(found?.success.estimate?.value).toBe(0);
    expect(Math.abs((found?.success.meanWeight ?? 0) - 1)).toBeLessThan(0.15);
  });

  it("leaves out calls that say nothing of the choice, by why", () => {
    const [row] = logUnder(policyWith("model: small", "explore: 0.2"), 1);
    if (row === undefined) throw new Error("Cannot test: found no row");
    const rows = [
      row,
      { ...row, mode: "shadow" },
      { ...row, trace: [{ step: "response", model: "small", refusal: null } as const] },
      { ...row, status: "cancelled" },
      { ...row, status: "failure", served_by: null },
      { ...row, applied_model: "large", resolved_model: "small" },
      { ...row, trace: null, propensity: 0.8 },
      { ...row, propensity: 1 },
      { ...row, candidates: [] },
    ];
    const found = offPolicyOf(rows, policyWith("model: large"));
    expect(found?.left_out).toEqual({
      "only logged, not served": 1,
      "a tool loop went on with the model of its last response": 1,
      "no outcome, or cancelled by its client": 1,
      "it failed before a model was asked": 1,
      "another model was served than was decided on": 1,
      "drawn at random, and exported without its trace": 1,
      "its model was not drawn at random": 1,
      "the log could not have served what the policy chooses": 1,
    });
    expect(found?.success).toMatchObject({ calls: 1, estimate: null });
  });

  it("is not told of a log that tried little, however many calls before it were decided as the policy does", () => {
    const before = logUnder(policyWith("model: small"), 500);
    const tried = logUnder(policyWith("model: small", "explore: 0.2"), 50);
    const found = offPolicyOf([...before, ...tried], policyWith("model: small"));
    expect(found?.success).toMatchObject({ calls: 50, estimate: null });
    expect(found?.left_out).toEqual({ "its model was not drawn at random": 500 });
  });

  it("is none where nothing was decided at random", () => {
    expect(offPolicyOf(logUnder(policyWith("model: small"), 3), policyWith("model: large"))).toBeNull();
  });
});

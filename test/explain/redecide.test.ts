import { describe, expect, it } from "vitest";
import { chooseClassifier } from "../../src/classify/choose-classifier.ts";
import { createSnapshot } from "../../src/compose.ts";
import { decide } from "../../src/decide/decide.ts";
import { drawLots } from "../../src/decide/draws.ts";
import { ConversationMemory } from "../../src/explain/logged/conversation-memory.ts";
import { createRedecider } from "../../src/explain/logged/redecide.ts";
import type { Policy } from "../../src/policy/policy.ts";
import { read } from "../request/read.ts";
import { policyOf } from "../support/sidecar-app.ts";
import { rowOf } from "./row-of.ts";

const policyWith = (pick: string) =>
  policyOf(`
model_list:
  - {model_name: small, litellm_params: {model: openai/small}}
  - {model_name: large, litellm_params: {model: openai/large}}
routing:
  fallback_tier: only
  tiers: {only: {models: [small, large], pick: ${pick}}}
  aliases: {auto: auto_route}
`);
const [SPLIT, FIRST] = [policyWith("weighted"), policyWith("first")];
const SESSIONS = Array.from({ length: 40 }, (_, at) => ({ session_id: `session ${at}` }));
const ENVELOPES = [...SESSIONS, {}];

function decided(envelope: Record<string, unknown>, policy: Policy) {
  const request = read({ model: "auto", messages: [{ role: "user", content: "hi" }] }, envelope);
  const context = {
    ...createSnapshot(policy),
    catalog: null,
    ...drawLots(request, policy),
    now: new Date(),
  };
  return { asked: { request, context }, decision: decide(request, context) };
}

function again(
  envelope: Record<string, unknown>,
  storeText: "none" | "full",
  [then, now]: readonly [Policy, Policy],
) {
  const { asked, decision } = decided(envelope, then);
  const world = { policy: now, classifier: chooseClassifier(now.classifier), catalog: null };
  const redecided = createRedecider({ ...world, memory: new ConversationMemory() })(
    rowOf(asked, decision, storeText),
  );
  return redecided.ok ? redecided.decision.model : redecided.why;
}

describe("createRedecider() of a split by weight", () => {
  const models = ENVELOPES.map((envelope) => decided(envelope, SPLIT).decision.model);

  it.each(["none", "full"] as const)("goes where it went then, with store_text: %s", (storeText) => {
    expect(new Set(models)).toEqual(new Set(["small", "large"]));
    expect(ENVELOPES.map((envelope) => again(envelope, storeText, [SPLIT, SPLIT]))).toEqual(models);
  });

  it("goes where another policy's split would send the session or conversation that the row has", () => {
    expect(ENVELOPES.map((envelope) => again(envelope, "full", [FIRST, SPLIT]))).toEqual(models);
  });
});

import { describe, expect, it } from "vitest";
import { chooseClassifier } from "../../src/classify/choose-classifier.ts";
import { createSnapshot } from "../../src/compose.ts";
import { decide } from "../../src/decide/decide.ts";
import { drawLots } from "../../src/decide/draws.ts";
import { ConversationMemory } from "../../src/explain/logged/conversation-memory.ts";
import { explainLogged } from "../../src/explain/logged/explain-logged.ts";
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

describe("createRedecider() where a model is a specialist", () => {
  const CODING = policyOf(`
model_list:
  - {model_name: general, litellm_params: {model: openai/general}}
  - {model_name: coder, litellm_params: {model: openai/coder}}
routing:
  fallback_tier: only
  tiers: {only: {models: [general, coder], pick: first}}
  aliases: {auto: auto_route}
  models: {coder: {specialties: [code]}}
`);
  const world = { policy: CODING, classifier: chooseClassifier(CODING.classifier), catalog: null };
  const CODE = "Write a Python function that reverses a linked list";

  function rowAsking(texts: readonly string[], storeText: "none" | "full") {
    const messages = texts.map((content) => ({ role: "user", content }));
    const asked = {
      request: read({ model: "auto", messages }),
      context: { ...createSnapshot(CODING), catalog: null, draw: 0, now: new Date() },
    };
    const decision = decide(asked.request, asked.context);
    return { model: decision.model, row: rowOf(asked, decision, storeText) };
  }

  it.each(["none", "full"] as const)(
    "prefers it by the kind of work that was logged, with store_text: %s",
    (storeText) => {
      const { model, row } = rowAsking([CODE], storeText);
      const redecided = createRedecider({ ...world, memory: new ConversationMemory() })(row);
      expect(model).toBe("coder");
      expect(redecided).toMatchObject({ ok: true, decision: { model: "coder" } });
      expect(explainLogged(row, world).notes).toEqual(["no other score alone would lead elsewhere"]);
    },
  );

  it.each(["none", "full"] as const)(
    "does not decide what goes by a turn before, of which nothing is logged, with store_text: %s",
    (storeText) => {
      const { model, row } = rowAsking([CODE, "go on"], storeText);
      const redecided = createRedecider({ ...world, memory: new ConversationMemory() })(row);
      expect(model).toBe("coder");
      expect(redecided).toMatchObject({ ok: false, why: expect.stringContaining("specialist") });
      expect(explainLogged(row, world).notes).toEqual(["no other score alone would lead elsewhere"]);
    },
  );
});

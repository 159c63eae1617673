import { describe, expect, it } from "vitest";
import { chooseClassifier } from "../../src/classify/choose-classifier.ts";
import { createSnapshot } from "../../src/compose.ts";
import { decide } from "../../src/decide/decide.ts";
import { drawLots } from "../../src/decide/draws.ts";
import { ConversationMemory } from "../../src/explain/logged/conversation-memory.ts";
import { explainLogged } from "../../src/explain/logged/explain-logged.ts";
import { createRedecider } from "../../src/explain/logged/redecide.ts";
import type { Policy } from "../../src/policy/policy.ts";
import { catalogOf } from "../decide/decide-with.ts";
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

describe("createRedecider() of a model that was not looked at then", () => {
  const policyOfOne = (model: string) =>
    policyOf(`
model_list: [{model_name: old, litellm_params: {model: openai/old}}, {model_name: new, litellm_params: {model: openai/new}}]
routing:
  fallback_tier: only
  tiers: {only: {score_range: [0, 100], model: ${model}}}
  aliases: {auto: auto_route}
`);
  const CATALOG = catalogOf({
    old: { input_cost_per_token: 2.5e-7, output_cost_per_token: 2e-6, cache_read_input_token_cost: 2.5e-8 },
    new: { input_cost_per_token: 5e-8, output_cost_per_token: 4e-7, cache_read_input_token_cost: 5e-9 },
  });

  /** What the request would have cost under the other policy, in USD: by its row, and in truth. */
  function costs(body: Record<string, unknown>, storeText: "none" | "full") {
    const [then, now] = [policyOfOne("old"), policyOfOne("new")];
    const request = read({ model: "auto", ...body });
    const contextOf = (policy: Policy) => {
      return { ...createSnapshot(policy), catalog: CATALOG, draw: 0, now: new Date() };
    };
    const asked = { request, context: contextOf(then) };
    const row = rowOf(asked, decide(request, asked.context), storeText);
    const world = { policy: now, classifier: chooseClassifier(now.classifier), catalog: CATALOG };
    const again = createRedecider({ ...world, memory: new ConversationMemory() })(row);
    const truth = decide(request, contextOf(now)).estimatedCostUsd;
    return [again.ok ? again.decision.estimatedCostUsd : null, truth];
  }

  const user = (content: string) => ({ role: "user", content });
  it.each([
    ["a first turn with a low limit", { max_tokens: 20, messages: [user("Name this chat")] }],
    ["a first turn without a limit", { messages: [user("Name this chat")] }],
    ["a limit above the usual answer", { max_tokens: 4_000, messages: [user("Name this chat")] }],
    [
      "a later turn, whose beginning is in a cache",
      { max_tokens: 50, messages: [user("a b c ".repeat(5_000)), user("Name this chat")] },
    ],
  ])("estimates its cost with the output that was estimated then: %s", (_title, body) => {
    const [told, truth] = costs(body, "full");
    expect(told).toBeCloseTo(truth ?? Number.NaN, 9);
  });
});

describe("createRedecider() of a call inside of a tool loop", () => {
  const policyWithRule = (rule: string) =>
    policyOf(`
model_list:
  - {model_name: talks, litellm_params: {model: openai/talks}}
  - {model_name: reads, litellm_params: {model: openai/reads}}
routing:
  fallback_tier: simple
  tiers:
    simple: {score_range: [0, 98], models: [talks, reads], pick: cost}
    complex: {score_range: [99, 100], model: talks}
  aliases: {auto: auto_route}
  rules: [${rule}]
`);
  // One is cheaper where much is read, the other where much is written.
  const CATALOG = catalogOf({
    talks: { input_cost_per_token: 1e-6, output_cost_per_token: 1e-6 },
    reads: { input_cost_per_token: 1e-7, output_cost_per_token: 3e-6 },
  });
  const call = { id: "c", type: "function", function: { name: "look", arguments: "{}" } };
  const request = read({
    model: "auto",
    tools: [{ type: "function", function: { name: "look", parameters: {} } }],
    messages: [
      { role: "user", content: "What does the file say?" },
      { role: "assistant", content: null, tool_calls: [call] },
      { role: "tool", tool_call_id: "c", content: "lorem ipsum ".repeat(10_000) },
    ],
  });
  const contextOf = (policy: Policy) => {
    return { ...createSnapshot(policy), catalog: CATALOG, draw: 0, now: new Date() };
  };
  const PLAIN = policyWithRule("");
  const asked = { request, context: contextOf(PLAIN) };
  const row = rowOf(asked, decide(request, asked.context), "none");

  it.each([
    ["orders by the cost of its turn", ""],
    ["is limited by the cost of its turn", "{max_cost_usd: 0.001}"],
    ["is as long as its turn", "{when: {min_input_tokens: 1000}, tier: complex}"],
    ["is as short as its turn", "{when: {max_input_tokens: 1000}, tier: complex}"],
  ])("%s: %s", (_title, rule) => {
    const policy = policyWithRule(rule);
    const world = { policy, classifier: chooseClassifier(policy.classifier), catalog: null };
    const again = createRedecider({ ...world, memory: new ConversationMemory() })(row);
    const truth = decide(request, contextOf(policy));
    expect(again.ok && [again.decision.tier, again.decision.candidates]).toEqual([
      truth.tier,
      truth.candidates,
    ]);
  });
});

describe("createRedecider() of a name that no rule is asked about", () => {
  it("decides it again where a rule asks for what is not logged", () => {
    const policy = policyOf(`
model_list:
  - {model_name: small, litellm_params: {model: openai/small}}
  - {model_name: large, litellm_params: {model: openai/large}}
routing:
  fallback_tier: only
  tiers: {only: {models: [small, large]}}
  aliases: {auto: auto_route, mix: {models: [{model: small, weight: 3}, {model: large, weight: 1}]}}
  rules: [{when: {text_contains: invoice}, model: small}, {when: {header: {x-app: cli}}, model: large}]
`);
    const world = { policy, classifier: chooseClassifier(policy.classifier), catalog: null };
    const redecide = createRedecider({ ...world, memory: new ConversationMemory() });
    const again = (model: string) => {
      const request = read({ model, messages: [{ role: "user", content: "hi" }] });
      const context = { ...createSnapshot(policy), catalog: null, draw: 0.9, now: new Date() };
      const decision = decide(request, context);
      const row = { ...rowOf({ request, context }, decision, "none"), policy_revision: "another" };
      return [redecide(row), decision.model] as const;
    };
    const [mix, served] = again("mix");
    expect(mix).toMatchObject({ ok: true, decision: { method: "alias", model: served } });
    expect(again("small")[0]).toMatchObject({
      ok: true,
      decision: { method: "passthrough", model: "small" },
    });
    expect(again("auto")[0]).toMatchObject({ ok: false, why: expect.stringContaining("text_contains") });
  });
});

describe("createRedecider() of a name that is logged as its hash", () => {
  const policyMatching = (pattern: string) =>
    policyOf(`
model_list:
  - {model_name: small, litellm_params: {model: openai/small}}
  - {model_name: large, litellm_params: {model: openai/large}}
routing:
  fallback_tier: simple
  unknown_model: passthrough
  tiers: {simple: {score_range: [0, 20], model: small}, complex: {score_range: [21, 100], model: large}}
  auto_route_patterns: ["${pattern}"]
`);
  const then = policyMatching("claude-*");
  const request = read({ model: "claude-sonnet-9", messages: [{ role: "user", content: "hi" }] });
  const asked = { request, context: { ...createSnapshot(then), catalog: null, draw: 0, now: new Date() } };
  const decision = decide(request, asked.context);
  const row = rowOf(asked, decision, "none");
  const redecideUnder = (policy: Policy) => {
    const world = { policy, classifier: chooseClassifier(policy.classifier), catalog: null };
    return createRedecider({ ...world, memory: new ConversationMemory() })(row);
  };

  it("goes where the pattern that matched it leads", () => {
    const { method, tier, model } = decision;
    expect(row.original_model).toMatch(/^hmac:/);
    expect(redecideUnder(then)).toMatchObject({ ok: true, decision: { method: "pattern", tier, model } });
    expect(method).toBe("pattern");
  });

  it("is not decided by a policy without that pattern", () => {
    expect(redecideUnder(policyMatching("claude-s*"))).toMatchObject({
      ok: false,
      why: expect.stringContaining("hash"),
    });
  });
});

describe("createRedecider() of a split behind another tier", () => {
  const policyCut = (low: number) =>
    policyOf(`
model_list:
  - {model_name: small, litellm_params: {model: openai/small}}
  - {model_name: large, litellm_params: {model: openai/large}}
  - {model_name: other, litellm_params: {model: openai/other}}
routing:
  fallback_tier: simple
  tiers:
    simple: {score_range: [0, ${low - 1}], model: small}
    complex: {score_range: [${low}, 100], models: [large, other], pick: weighted}
  aliases: {auto: auto_route}
`);

  it.each(["none", "full"] as const)(
    "goes where the split would have sent it, with store_text: %s",
    (text) => {
      const [simple, complex] = [policyCut(99), policyCut(2)];
      const models = SESSIONS.map((session) => decided(session, complex).decision.model);
      expect(new Set(models)).toEqual(new Set(["large", "other"]));
      expect(SESSIONS.map((session) => again(session, text, [simple, complex]))).toEqual(models);
    },
  );
});

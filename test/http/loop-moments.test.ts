import { describe, expect, it } from "vitest";
import type { Consult, Opinion } from "../../src/classify/opinion.ts";
import { createSnapshot } from "../../src/compose.ts";
import type { ModelHealth } from "../../src/decide/model-health.ts";
import { createCatalogStore } from "../../src/http/catalog-store.ts";
import { createRouter } from "../../src/http/router.ts";
import { compileGlob } from "../../src/policy/glob.ts";
import type { Policy } from "../../src/policy/policy.ts";
import { policyOf } from "../support/sidecar-app.ts";

const POLICY = `
model_list:
  - {model_name: a, litellm_params: {model: openai/a}}
  - {model_name: b, litellm_params: {model: openai/b}}
  - {model_name: night, litellm_params: {model: openai/night}}
  - {model_name: large, litellm_params: {model: openai/large}}
routing:
  fallback_tier: simple
  tiers:
    simple: {score_range: [0, 65], models: [a, b], pick: latency}
    complex: {score_range: [66, 100], model: large}
  aliases: {auto: auto_route}
  rules:
    - {name: night, when: {hour: 22-23, tag: timed}, model: night}
    - {name: poor, when: {min_budget_used_ratio: 0.9}, model: b}
  classifier: {strategy: static}
`;

const user = (content: string) => ({ role: "user", content });
const HELLO = user("hello there");
const LS = { type: "function", function: { name: "ls", parameters: {} } };
/** What a call of a tool loop brings more than the one before. */
const step = (id: string) => [
  { role: "assistant", tool_calls: [{ id, type: "function", function: { name: "ls", arguments: "{}" } }] },
  { role: "tool", tool_call_id: id, content: "README.md" },
];
const LOOP = [HELLO, ...step("t1")];
const LONGER = [...LOOP, ...step("t2")];

const lately = (latencyMs: number | null, rests = false): ModelHealth => ({
  ...{ samples: 1, latencyMs, latencyP50Ms: null, latencyP95Ms: null, ttftMs: null, errorRate: null },
  coolUntilMs: rests ? 1 : null,
});

const opinion = (outcome: Opinion["outcome"], score: number | null): Opinion => {
  const verdict =
    score === null ? null : ({ strategy: "llm", score, confidence: null, signals: () => [] } as const);
  return { verdict, outcome, words: `the LLM: ${outcome}`, from: "model", tookMs: 9, costUsd: 0.5 };
};

const snapshots = new WeakMap<Policy, ReturnType<typeof createSnapshot>>();

/** One a policy: making it takes longer than a decision. */
function snapshotOf(policy: Policy): ReturnType<typeof createSnapshot> {
  const snapshot = snapshots.get(policy) ?? createSnapshot(policy);
  snapshots.set(policy, snapshot);
  return snapshot;
}

/** A router whose clock, latencies and LLM a test moves; `ask()` gives the model, the reason and what is remembered of it. */
function createWorld() {
  const world = {
    now: new Date("2026-01-05T21:59:00Z"),
    health: new Map([
      ["a", lately(100)],
      ["b", lately(900)],
    ]),
    consult: null as Consult | null,
    policy: policyOf(POLICY),
  };
  const costs: (number | null)[] = [];
  const start = () =>
    createRouter({
      snapshot: () => ({ ...snapshotOf(world.policy), consult: world.consult }),
      catalog: createCatalogStore(compileGlob),
      health: () => world.health,
      record: ({ decision }) => void costs.push(decision.classifierCostUsd),
      newId: () => "01a1fa80-507c-760a-b2bc-469b6c9a707f",
      now: () => world.now,
      random: () => 0.5,
    });
  let router = start();
  const ask = async (messages: readonly object[], envelope: object = {}) => {
    const { model, reason } = await router.route({
      body: { model: "auto", messages, tools: [LS] },
      ...envelope,
    });
    return { model, reason };
  };
  const momentOf = async (messages: readonly object[], body: object = {}) => {
    const { trace } = await router.simulate({ body: { model: "auto", messages, tools: [LS], ...body } });
    return trace.find((step) => step.step === "moment")?.at;
  };
  const modelOf = async (...asked: Parameters<typeof ask>) => (await ask(...asked)).model;
  const restart = () => {
    router = start();
  };
  return { world, ask, modelOf, momentOf, costs, restart };
}

const SLOW_A = new Map([
  ["a", lately(900)],
  ["b", lately(100)],
]);

describe("POST /v1/route inside a tool loop", () => {
  it("picks by the latencies that its human turn was decided by; the next turn picks by new ones", async () => {
    const { world, modelOf } = createWorld();
    expect(await modelOf([HELLO])).toBe("a");
    world.health = SLOW_A;
    expect([await modelOf(LOOP), await modelOf(LONGER)]).toEqual(["a", "a"]);
    expect(await modelOf([...LONGER, user("and now that one")])).toBe("b");
    // The same ask of somebody else is another loop.
    expect(await modelOf(LOOP, { caller: { user_id: "jane" } })).toBe("b");
  });

  it("asks rules of the time of day and of the budget as they were", async () => {
    const { world, modelOf } = createWorld();
    const timed = { tags: ["timed"] };
    expect(await modelOf([HELLO], timed)).toBe("a");
    world.now = new Date("2026-01-05T22:01:00Z");
    expect(await modelOf(LOOP, timed)).toBe("a");
    expect(await modelOf([HELLO], timed)).toBe("night");
    const budget = (budget_used_ratio: number) => ({ caller: { user_id: "joe", budget_used_ratio } });
    expect(await modelOf([HELLO], budget(0.89))).toBe("a");
    expect(await modelOf(LOOP, budget(0.91))).toBe("a");
    expect(await modelOf([HELLO], budget(0.91))).toBe("b");
  });

  it("stays with the fast verdict where the LLM answered too late, and counts an answer once", async () => {
    const { world, modelOf, costs } = createWorld();
    world.consult = () => opinion("timeout", null);
    expect(await modelOf([HELLO])).toBe("a");
    world.consult = () => Promise.resolve(opinion("decided", 90));
    expect(await modelOf(LOOP)).toBe("a");
    expect(await modelOf([HELLO])).toBe("large");
    world.consult = () => opinion("timeout", null);
    expect(await modelOf(LOOP)).toBe("large");
    expect(costs).toEqual([0.5, null, 0.5, null]);
  });

  it("does not go to a model that rested when it began, nor back to one that it left", async () => {
    const { world, ask } = createWorld();
    world.health = new Map([
      ["a", lately(100, true)],
      ["b", lately(900)],
    ]);
    expect(await ask([HELLO])).toMatchObject({ model: "b" });
    world.health = new Map([
      ["a", lately(100)],
      ["b", lately(900)],
    ]);
    const { model, reason } = await ask(LOOP);
    expect([model, reason]).toEqual(["b", expect.not.stringContaining("where this tool loop began")]);
    world.health = new Map([
      ["a", lately(100)],
      ["b", lately(900, true)],
    ]);
    const left = { model: "large", reason: expect.stringContaining("not b, where this tool loop began") };
    expect(await ask(LONGER)).toEqual(left);
    world.health = new Map([["b", lately(900)]]);
    expect(await ask([...LONGER, ...step("t3")])).toEqual(left);
  });

  it("holds on to them while the loop pauses for an hour at most, and takes new ones after a longer pause", async () => {
    const { world, modelOf } = createWorld();
    expect(await modelOf([HELLO])).toBe("a");
    world.health = SLOW_A;
    for (const at of ["22:59:00.000", "23:59:00.000"]) {
      world.now = new Date(`2026-01-05T${at}Z`);
      expect(await modelOf(LOOP, { tags: ["timed"] })).toBe("a");
    }
    world.now = new Date("2026-01-06T00:59:00.001Z");
    expect(await modelOf(LONGER)).toBe("b");
    world.health = new Map([["a", lately(100)]]);
    expect(await modelOf([...LONGER, ...step("t3")])).toBe("b");
  });

  it("says in the trace since when they hold, where they do", async () => {
    const { world, modelOf, momentOf } = createWorld();
    await modelOf([HELLO]);
    world.now = new Date("2026-01-05T22:01:00Z");
    expect(await momentOf(LOOP)).toBe("2026-01-05T21:59:00.000Z");
    await modelOf(LOOP);
    expect(await momentOf(LONGER)).toBe("2026-01-05T21:59:00.000Z");
    expect(await momentOf([HELLO])).toBeUndefined();
    expect(await momentOf([...LONGER, user("and now that one")])).toBeUndefined();
    expect(await momentOf(LOOP, { model: "night" })).toBeUndefined();
    world.now = new Date("2026-01-05T23:01:00.001Z");
    expect(await momentOf(LONGER)).toBeUndefined();
  });

  it("takes a caller and a session for others, however their ids are put together", async () => {
    const { world, modelOf } = createWorld();
    expect(await modelOf([HELLO], { caller: { end_user_id: "joe\nx" }, session_id: "1" })).toBe("a");
    world.health = SLOW_A;
    expect(await modelOf(LOOP, { caller: { end_user_id: "joe" }, session_id: "x\n1" })).toBe("b");
    expect(await modelOf(LOOP, { caller: { end_user_id: "joe\nx" }, session_id: "1" })).toBe("a");
  });

  it.each([
    ["many models", false],
    ["many models of which one rests", true],
  ])(
    "forgets the oldest loops sooner where each knows of %s, and not where they know the same",
    async (_, rests) => {
      const { world, modelOf } = createWorld();
      const others = Array.from({ length: 998 }, (_, at) => [`other ${at}`, lately(50)] as const);
      const fast = () => new Map([["a", lately(100)], ["b", lately(900, rests)], ...others]);
      const begin = async (session_id: string) => expect(await modelOf([HELLO], { session_id })).toBe("a");
      world.health = fast();
      await begin("first");
      for (let loop = 0; loop < 250; loop += 1) await begin(`beside the first ${loop}`);
      world.health = SLOW_A;
      expect(await modelOf(LOOP, { session_id: "beside the first 0" })).toBe("a");
      for (let loop = 0; loop < 250; loop += 1) {
        world.health = fast();
        await begin(`later ${loop}`);
      }
      world.health = SLOW_A;
      expect(await modelOf(LOOP, { session_id: "first" })).toBe("b");
      expect(await modelOf(LOOP, { session_id: "later 200" })).toBe("a");
    },
  );

  it("goes on from its own first call after a restart, and decides anew by a new policy", async () => {
    const { world, modelOf, restart } = createWorld();
    expect(await modelOf([HELLO])).toBe("a");
    world.health = SLOW_A;
    restart();
    expect(await modelOf(LOOP)).toBe("b");
    world.health = new Map([["a", lately(100)]]);
    expect(await modelOf(LONGER)).toBe("b");
    world.policy = policyOf(POLICY.replace("hour: 22-23", "hour: 20-23"));
    expect(await modelOf(LONGER)).toBe("a");
  });
});

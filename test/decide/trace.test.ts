import { describe, expect, it } from "vitest";
import { createSnapshot } from "../../src/compose.ts";
import { decide } from "../../src/decide/decide.ts";
import type { Decision, TraceStep } from "../../src/decide/decision.ts";
import { read } from "../request/read.ts";
import { policyOf } from "../support/sidecar-app.ts";
import { catalogOf, decideWith, restingModels, scoreInText } from "./decide-with.ts";

const CHOICES = `
model_list:
  - {model_name: small, litellm_params: {model: openai/small}}
  - {model_name: middle, litellm_params: {model: openai/middle}}
  - {model_name: large, litellm_params: {model: openai/large}}
  - {model_name: "spare-*", litellm_params: {model: "openai/*"}}
routing:
  fallback_tier: simple
  tiers:
    simple: {score_range: [0, 40], model: small}
    medium: {score_range: [41, 75], models: [{model: middle, weight: 3}, {model: large, weight: 1}], pick: weighted}
    complex: {score_range: [76, 100], model: large}
  aliases: {auto: auto_route, best: big, big: large, pool: {models: [small, large]}, cheap: {pick: cost}}
  auto_route_patterns: ["claude-*"]
`;
const PLAIN = policyOf(CHOICES);
const RICH = policyOf(`${CHOICES}
  explore: 0.2
  rollout: {percent: 20}
  rules:
    - {name: floor, when: {tag: floor}, min_tier: medium, stop: false}
    - {name: pictures, when: {tag: floor, has_images: true}, tier: complex}
`);
const CLASSIFY = { classify: scoreInText };

const user = (content: string) => ({ role: "user", content });
const stepsOf = ({ trace }: Decision) => trace.map(({ step }) => step);

function stepOf<Name extends TraceStep["step"]>(decision: Decision, name: Name) {
  return decision.trace.filter((step): step is Extract<TraceStep, { step: Name }> => step.step === name);
}

const open = (model: string, tier: string | null) => {
  return { model, tier, eligible: true, refusal: null, estimatedCostUsd: null };
};

describe("the trace of decide()", () => {
  it("tells each step of a request that headers, rules and lots have a say in", () => {
    const headers = { "x-signalbox-pick": "weighted", "x-signalbox-tier": "huge" };
    const decision = decideWith(
      RICH,
      {
        tags: ["floor"],
        headers,
        body: { messages: [user("how is 50?"), { role: "robot", content: "how is 60?" }] },
      },
      { ...CLASSIFY, draw: 0.25, draws: { rollout: 0.5, explore: 0.1, neighbour: 0.7 } },
    );
    const { category, language } = decision;
    expect(decision.trace).toEqual([
      {
        step: "read",
        wire: "chat",
        notes: [{ path: "messages[1].role", note: "an unknown role: read as the user's" }],
      },
      { step: "kind", category, language },
      {
        step: "resolve",
        requested: "auto",
        as: "auto",
        because: '"auto" is an alias of auto_route',
        via: [],
      },
      {
        step: "overrides",
        taken: ["x-signalbox-pick"],
        ignored: ["x-signalbox-tier: no tier of that name"],
      },
      { step: "rules", matched: ["floor"], near: [{ rule: "pictures", failed: "has_images" }] },
      {
        step: "classify",
        strategy: "ml",
        configured: PLAIN.classifier.strategy,
        instead: null,
        score: 60,
        confidence: 0.5,
        signals: [],
      },
      { step: "conversation", turns: ["medium", "medium"], tier: "medium" },
      { step: "tier", tier: "medium", because: "score 60.0 is in medium (41-75)" },
      {
        step: "explore",
        from: "medium",
        to: "complex",
        tiers: [
          { tier: "medium", chance: 0.8 },
          { tier: "complex", chance: 0.2 },
        ],
        draw: 0.1,
        propensity: 0.4,
      },
      {
        step: "candidates",
        pick: "weighted",
        draw: 0.25,
        candidates: [
          open("large", "complex"),
          open("middle", "medium"),
          open("large", "medium"),
          { ...open("small", "simple"), eligible: false, refusal: 'below the floor of rule "floor"' },
        ],
      },
      { step: "rollout", group: "control", percent: 20, draw: 0.5 },
      { step: "mode", mode: "shadow", rewrite: false },
    ]);
    expect(decision.reason).toBe(
      "shadow, served as asked: score 60.0 is in medium (41-75); complex is tried instead of medium; ignored x-signalbox-tier: no tier of that name",
    );
  });

  it("holds no step of what had no say", () => {
    const decision = decideWith(PLAIN, { body: { messages: [user("how is 30?")] } }, CLASSIFY);
    expect(stepsOf(decision)).toEqual([
      ...["read", "kind", "resolve", "classify", "conversation", "tier", "candidates", "mode"],
    ]);
    expect(stepOf(decision, "candidates")).toEqual([
      {
        step: "candidates",
        pick: "first",
        // Of the tier that is split: another score would have led there.
        draw: expect.any(Number),
        candidates: [
          open("small", "simple"),
          open("middle", "medium"),
          open("large", "medium"),
          open("large", "complex"),
        ],
      },
    ]);
    expect(decision.reason).toBe("score 30.0 is in simple (0-40)");
  });

  it("names rules that were asked although none matched, and headers that were followed alone", () => {
    const body = { messages: [user("how is 30?")] };
    const decision = decideWith(RICH, { headers: { "x-signalbox-pick": "first" }, body }, CLASSIFY);
    expect(stepOf(decision, "overrides")).toEqual([
      { step: "overrides", taken: ["x-signalbox-pick"], ignored: [] },
    ]);
    expect(stepOf(decision, "rules")).toEqual([{ step: "rules", matched: [], near: [] }]);
  });

  it("tells the lot that left a request where it was", () => {
    const draws = { rollout: 0.1, explore: 0.5, neighbour: 0 };
    const decision = decideWith(RICH, { body: { messages: [user("30")] } }, { ...CLASSIFY, draws });
    expect(stepOf(decision, "explore")).toMatchObject([{ from: "simple", to: "simple", propensity: 0.8 }]);
    expect(stepOf(decision, "rollout")).toMatchObject([{ group: "policy", draw: 0.1 }]);
    expect(decision.reason).toBe("score 30.0 is in simple (0-40)");
  });

  it("stays at the tier where the draw is at the share itself", () => {
    const draws = { rollout: 0.1, explore: 0.2, neighbour: 0 };
    const decision = decideWith(RICH, { body: { messages: [user("30")] } }, { ...CLASSIFY, draws });
    expect(decision).toMatchObject({ tier: "simple", exploredFrom: null, propensity: 0.8 });
  });

  it("leaves all to the policy where nobody drew lots", () => {
    const request = read({ model: "auto", messages: [user("30")] }, { session_id: "s" });
    const context = { ...createSnapshot(RICH), ...CLASSIFY, catalog: null, draw: 0, now: new Date(0) };
    const decision = decide(request, context);
    expect(decision).toMatchObject({ mode: "enforce", rollout: "policy", exploredFrom: null, propensity: 1 });
    expect(stepOf(decision, "rollout")).toEqual([{ step: "rollout", group: "policy", percent: 20, draw: 0 }]);
    expect(stepOf(decision, "explore")).toEqual([]);
  });

  it("classifies nothing where no human spoke", () => {
    const decision = decideWith(PLAIN, { body: { messages: [] } });
    expect(stepsOf(decision)).toEqual(["read", "resolve", "tier", "candidates", "mode"]);
    expect(decision.reason).toBe("no human turn to classify, so the fallback tier simple serves");
  });

  it("looks at nothing while the mode is off", () => {
    const decision = decideWith(policyOf(`${CHOICES}  mode: off\n`), { body: { messages: [user("30")] } });
    expect(decision.trace).toEqual([
      { step: "read", wire: "chat", notes: [] },
      { step: "resolve", requested: "auto", as: "passthrough", because: "the mode is off", via: [] },
      { step: "mode", mode: "off", rewrite: false },
    ]);
    expect(decision).toMatchObject({ category: null, language: null, candidates: ["auto"], pick: "first" });
  });

  it.each([
    ["best", "alias", "an alias, leading to a model", ["big"]],
    ["cheap", "alias", "an alias, leading to an objective", []],
    ["pool", "alias", "an alias, leading to a pool", []],
    ["auto", "auto", '"auto" is an alias of auto_route', []],
    ["claude-x", "pattern", '"claude-x" matches the pattern "claude-*"', []],
    ["large", "passthrough", '"large" is a model of model_list', []],
    ["spare-1", "passthrough", '"spare-1" matches LiteLLM\'s wildcard "spare-*"', []],
    ["one,two", "passthrough", "a list of models is LiteLLM's own batch call", []],
    ["nobody", "auto", '"nobody" is no alias, model or pattern', []],
  ])("tells what the name %s is", (model, as, because, via) => {
    const decision = decideWith(PLAIN, { body: { model, messages: [user("30")] } });
    expect(stepOf(decision, "resolve")).toEqual([{ step: "resolve", requested: model, as, because, via }]);
  });

  it("lists each model of an objective once, in its cheapest tier", () => {
    const decision = decideWith(PLAIN, { body: { model: "cheap", messages: [user("30")] } });
    const [{ candidates } = { candidates: [] }] = stepOf(decision, "candidates");
    expect(candidates.map(({ model, tier }) => [model, tier])).toEqual([
      ["middle", "medium"],
      ["large", "medium"],
      ["small", "simple"],
    ]);
    expect(decision.reason).toBe('"cheap" is an alias of the whole ladder, ordered by cost');
  });

  it("names the pool of an alias, and the models of it that cannot serve", () => {
    const catalog = catalogOf({ small: {} });
    const decision = decideWith(PLAIN, { body: { model: "pool", messages: [user("30")] } }, { catalog });
    expect(decision.reason).toBe('"pool" is an alias of a pool, ordered by first');
    const [{ candidates } = { candidates: [] }] = stepOf(decision, "candidates");
    expect(candidates.map(({ model, eligible }) => [model, eligible])).toEqual([
      ["small", true],
      ["large", false],
    ]);
  });

  it("tells what an LLM said, and what its answer cost, but not its verdict twice", () => {
    const told = { outcome: "decided", words: "judge says medium", from: "model", tookMs: 12 } as const;
    const verdict = { strategy: "llm", score: 50, confidence: null, signals: () => [] } as const;
    const opinion = { verdict, costUsd: 0.002, ...told };
    const decision = decideWith(PLAIN, { body: { messages: [user("30")] } }, { ...CLASSIFY, opinion });
    expect(stepOf(decision, "llm")).toEqual([{ step: "llm", costUsd: 0.002, ...told }]);
    expect(decision.classifierCostUsd).toBe(0.002);
  });

  it("tells a raise, and the tier that it began at", () => {
    const decision = decideWith(PLAIN, { body: { messages: [user("think harder about 30")] } }, CLASSIFY);
    expect(stepOf(decision, "conversation")).toEqual([
      { step: "conversation", turns: ["simple"], tier: "simple" },
    ]);
    const raise = { by: "phrase", found: '"think harder"', from: "simple", to: "medium" };
    expect(stepOf(decision, "raise")).toEqual([{ step: "raise", ...raise }]);
    const ask = user("how is 30?");
    const once = policyOf(`${CHOICES}  conversation: {repeat_raises_after: 1}\n`);
    const asked = decideWith(once, { body: { messages: [user("think harder about 30")] } }, CLASSIFY);
    expect(stepOf(asked, "raise")).toMatchObject([{ by: "phrase" }]);
    const replied = decideWith(once, { body: { messages: [user("ok"), user("ok")] } }, CLASSIFY);
    expect(stepOf(replied, "raise")).toEqual([]);
    const repeated = decideWith(PLAIN, { body: { messages: [ask, ask, ask] } }, CLASSIFY);
    expect(stepOf(repeated, "raise")).toMatchObject([{ by: "repeat", found: "3 identical asks in a row" }]);
  });

  it("tells a step down that was weighed, whether it was taken or not", () => {
    const policy = policyOf(`${CHOICES}  conversation: {downgrade_after: 1, cache_aware: true}\n`);
    const price = { input_cost_per_token: 1e-6, output_cost_per_token: 1e-6 };
    const catalog = catalogOf({ small: price, middle: price, large: price });
    const body = { messages: [user("how is 90?"), { role: "assistant", content: "fine" }, user("and 30?")] };
    const decision = decideWith(policy, { body }, { ...CLASSIFY, catalog });
    expect(stepOf(decision, "cache")).toEqual([
      { step: "cache", from: "complex", to: "simple", calls: 1, savingUsd: 0, rereadUsd: 0, held: true },
    ]);
    expect(decision.tier).toBe("complex");
  });

  it("tells where a tool loop went, and why", () => {
    const health = restingModels("small");
    const call = { role: "assistant", tool_calls: [{ id: "a", function: { name: "f", arguments: "{}" } }] };
    const body = { messages: [user("how is 30?"), call, { role: "tool", tool_call_id: "a", content: "b" }] };
    const decision = decideWith(PLAIN, { body }, { ...CLASSIFY, health, draw: 0 });
    expect(stepOf(decision, "loop")).toEqual([
      { step: "loop", from: "small", to: "middle", because: "it rests after failures in a row" },
    ]);
    const alone = decideWith(PLAIN, { body: { messages: [user("how is 30?")] } }, { ...CLASSIFY, health });
    expect(stepOf(alone, "loop")).toEqual([]);
  });
});

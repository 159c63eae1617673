import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { createSnapshot } from "../../src/compose.ts";
import { decide } from "../../src/decide/decide.ts";
import type { Decision } from "../../src/decide/decision.ts";
import { formatProblem, loadPolicyText } from "../../src/policy/load.ts";
import type { Policy } from "../../src/policy/policy.ts";
import type { Rule } from "../../src/policy/rule.ts";
import { parseEnvelope } from "../../src/request/envelope.ts";
import { readRequest } from "../../src/request/read-request.ts";

const TIERS = ["simple", "medium", "complex"];
const MODELS = ["small", "middle", "large", "outsider"];
const BASE = {
  model_list: [...MODELS, "auto"].map((name) => ({
    model_name: name,
    litellm_params: { model: `openai/${name}` },
  })),
  routing: {
    fallback_tier: "medium",
    aliases: { auto: "auto_route" },
    tiers: {
      simple: { score_range: [0, 30], model: "small" },
      medium: { score_range: [31, 65], models: ["middle", "small"], pick: "weighted" },
      complex: { score_range: [66, 100], model: "large" },
    },
  },
};

const oneOf = <Value>(...values: readonly Value[]) => fc.constantFrom(...values);
const maybeList = <Value>(value: fc.Arbitrary<Value>) =>
  fc.oneof(value, fc.uniqueArray(value, { minLength: 1, maxLength: 3 }));
const pattern = oneOf("hello", "(a+)+$", ".*.*=.*", "^x|y$", "\\bprove\\b", "[^a-z]{2,5}", "plan.{0,20}mode");
const name = oneOf("a", "b", "batch");
const span = fc.tuple(fc.nat(50), fc.nat(50)).map(([a, b]) => ({ min: Math.min(a, b), max: Math.max(a, b) }));
const block = fc.record(
  {
    text_contains: maybeList(oneOf("hello", "prove", "=")),
    text_matches: maybeList(pattern),
    system_matches: maybeList(pattern),
    harness_matches: maybeList(pattern),
    category: maybeList(oneOf("code", "math", "conversation")),
    language: maybeList(oneOf("en", "de", "ja")),
    min_input_tokens: fc.nat(20),
    max_input_tokens: fc.integer({ min: 20, max: 100 }),
    turns: fc.oneof(fc.nat(3), fc.array(fc.nat(3), { minLength: 1, maxLength: 3 }), span),
    has_images: fc.boolean(),
    has_tools: fc.boolean(),
    tool_name: maybeList(oneOf("bash", "mcp__*")),
    has_code: fc.boolean(),
    has_error_trace: fc.boolean(),
    model_requested: maybeList(oneOf("auto", "*", "x?")),
    call_type: maybeList(oneOf("acompletion", "aresponses")),
    team_id: maybeList(name),
    user_id: maybeList(name),
    key_alias: maybeList(name),
    tag: maybeList(name),
    header: fc.dictionary(oneOf("x-app", "constructor"), maybeList(oneOf("*", "a?")), {
      minKeys: 1,
    }),
    hour: maybeList(fc.oneof(fc.nat(23), oneOf("9-17", "22-5"))),
    weekday: maybeList(oneOf("mon", "sat-tue", "mon-fri")),
    min_budget_used_ratio: fc.double({ min: 0, max: 2, noNaN: true }),
  },
  { requiredKeys: [] },
);
const filled = block.filter((conditions) => Object.keys(conditions).length > 0);
const when = fc
  .tuple(filled, fc.option(fc.oneof(filled, fc.array(filled, { minLength: 1, maxLength: 2 }))))
  .map(([conditions, not]) => (not === null ? conditions : { ...conditions, not }));
const target = fc.oneof(
  fc.record({ model: oneOf(...MODELS) }),
  fc.record({ tier: oneOf(...TIERS) }),
  fc.record({ min_tier: oneOf(...TIERS) }),
  fc.record({ max_tier: oneOf(...TIERS) }),
  fc.record({ pick: oneOf("first", "cost", "weighted", "balanced") }),
  fc.record({ max_cost_usd: fc.double({ min: 0, max: 1, noNaN: true }) }),
);
const rule = fc
  .record({ when, target, stop: fc.boolean(), mode: oneOf("enforce", "shadow") })
  .map(({ when: conditions, target: action, stop, mode }) => ({ when: conditions, ...action, stop, mode }));

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 80 }),
  oneOf("hello", "prove it = now", "```\ncode\n```", "Hallo, wie geht es dir?", "<system-reminder>hello"),
);
const body = fc.record({
  model: fc.constant("auto"),
  messages: fc.array(fc.record({ role: oneOf("user", "system", "assistant"), content: text }), {
    maxLength: 4,
  }),
});
const envelope = fc.record(
  {
    body,
    call_type: oneOf("acompletion", "aresponses", "nonsense"),
    tags: fc.array(name, { maxLength: 2 }),
    headers: fc.dictionary(oneOf("x-app", "__proto__"), text, { maxKeys: 2 }),
    caller: fc.record({ team_id: name, budget_used_ratio: fc.double({ min: 0, max: 2, noNaN: true }) }),
    facts: fc.record({ tool_names: fc.array(oneOf("bash", "mcp__x"), { maxLength: 2 }), images: fc.nat(2) }),
  },
  { requiredKeys: ["body"] },
);

function policyWith(rules: readonly unknown[]) {
  const text = stringify({ ...BASE, routing: { ...BASE.routing, rules } }, { aliasDuplicateObjects: false });
  const result = loadPolicyText(text, { file: "gateway.yaml", env: {} });
  if (!result.ok) throw new Error(result.problems.map(formatProblem).join("\n"));
  return result.policy;
}

/** The classifier is the same for all of them, and takes time to make. */
const SNAPSHOT = createSnapshot(policyWith([]));

function requestOf(raw: unknown) {
  const parsed = parseEnvelope(raw);
  if (!parsed.ok) throw new Error(parsed.message);
  return readRequest(parsed.envelope);
}

/** The rules that a decision says have matched. */
function matchedBy({ trace }: Decision, { rules }: Policy): readonly Rule[] {
  const step = trace.find((one) => one.step === "rules");
  return rules.filter(({ name: label }) => step?.matched.includes(label));
}

/** Place of the highest floor among rules, -1 where there is none. */
function highestFloor(rules: readonly Rule[]): number {
  return Math.max(-1, ...rules.flatMap(({ actions }) => TIERS.indexOf(actions.minTier ?? "")));
}

/** Place of the dearest tier that a model is in; one of no tier is below no floor. */
function highestTier(model: string): number {
  const places = { small: 1, middle: 1, large: 2 };
  return Object.entries(places).find(([name]) => name === model)?.[1] ?? TIERS.length;
}

describe("decide() with rules", () => {
  const rules = fc.array(rule, { minLength: 1, maxLength: 6 });
  const envelopes = fc.array(envelope, { minLength: 1, maxLength: 4 });
  const now = fc.date({ noInvalidDate: true });

  function decided(given: readonly unknown[], raws: readonly unknown[], moment: Date) {
    const policy = policyWith(given);
    const context = { ...SNAPSHOT, policy, catalog: null, health: new Map(), draw: 0.3, now: moment };
    return raws.map((raw) => {
      const decision = decide(requestOf(raw), context);
      expect(decide(requestOf(raw), context)).toEqual(decision);
      return { decision, matched: matchedBy(decision, policy) };
    });
  }

  it("is total, gives the same again, and names only models of the policy", () => {
    fc.assert(
      fc.property(rules, envelopes, now, (...given) => {
        for (const { decision } of decided(...given))
          for (const model of [decision.model, ...decision.candidates]) expect(MODELS).toContain(model);
      }),
    );
  });

  it("stops at the first rule that stops, and at none before", () => {
    fc.assert(
      fc.property(rules, envelopes, now, (...given) => {
        for (const { matched } of decided(...given))
          expect(matched.slice(0, -1).filter(({ stop }) => stop)).toEqual([]);
      }),
    );
  });

  it("says of no decision that a rule made it where none names a tier or a model", () => {
    fc.assert(
      fc.property(rules, envelopes, now, (...given) => {
        for (const { decision, matched } of decided(...given)) {
          const decides = matched.some(({ actions }) => actions.tier !== null || actions.model !== null);
          expect(decision.method === "rule" && !decides).toBe(false);
        }
      }),
    );
  });

  it("serves no tier below the floors of the rules that matched, and has no candidate below them", () => {
    fc.assert(
      fc.property(rules, envelopes, oneOf(...TIERS), (before, raws, min_tier) => {
        // A rule without conditions holds for all that no other stopped.
        for (const { decision, matched } of decided([...before, { min_tier }], raws, new Date(0))) {
          const places = [TIERS.indexOf(decision.tier ?? "complex"), ...decision.candidates.map(highestTier)];
          expect(Math.min(...places)).toBeGreaterThanOrEqual(highestFloor(matched));
        }
      }),
    );
  });
});

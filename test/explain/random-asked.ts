import fc from "fast-check";
import type { CatalogModel } from "../../src/decide/catalog.ts";
import { type ModelHealth, UNMEASURED } from "../../src/decide/model-health.ts";
import type { Asked } from "../../src/explain/change.ts";
import { read } from "../request/read.ts";
import { policyOf } from "../support/sidecar-app.ts";

const MODELS = ["a", "b", "c", "d"];

const rule = fc
  .record({
    when: fc.constantFrom(
      "{team_id: core}",
      "{team_id: other, has_tools: false}",
      "{has_tools: true, turns: {min: 1}}",
      "{max_input_tokens: 5, text_contains: hello}",
      "{max_input_tokens: 100, has_tools: true}",
      "{min_input_tokens: 1, not: {has_images: true}}",
      "{text_contains: prove}",
      "{not: {text_matches: 'o$'}}",
    ),
    action: fc.constantFrom(
      "tier: t1",
      "model: a",
      "min_tier: t1",
      "max_tier: t0",
      "pick: quality",
      "max_cost_usd: 0.001",
      "max_latency_ms: 1000",
    ),
    stop: fc.boolean(),
  })
  .map(({ when, action, stop }) => `{when: ${when}, ${action}, stop: ${stop}}`);

const tier = fc.record({
  models: fc.uniqueArray(fc.constantFrom(...MODELS), { minLength: 1, maxLength: 3 }),
  pick: fc.constantFrom("first", "cost", "quality", "latency", "weighted"),
});

const policy = fc
  .record({
    lows: fc.uniqueArray(fc.integer({ min: 1, max: 24 }), { minLength: 1, maxLength: 4 }),
    tiers: fc.array(tier, { minLength: 5, maxLength: 5 }),
    rules: fc.array(rule, { maxLength: 3 }),
    downgradeAfter: fc.integer({ min: 0, max: 3 }),
    cacheAware: fc.boolean(),
    overrides: fc.constantFrom("all", "none"),
    explore: fc.constantFrom(0, 0.3),
  })
  .map(({ lows, tiers, rules, ...flags }) => {
    const bounds = [0, ...lows.toSorted((x, y) => x - y).map((low) => 4 * low), 101];
    const rungs = bounds.slice(0, -1).map((low, at) => {
      const { models, pick } = tiers[at] ?? { models: ["a"], pick: "first" };
      return `    t${at}: {score_range: [${low}, ${(bounds[at + 1] ?? 0) - 1}], models: [${models.join(", ")}], pick: ${pick}}`;
    });
    return policyOf(`
model_list: [${MODELS.map((name) => `{model_name: ${name}, litellm_params: {model: openai/${name}}}`).join(", ")}]
routing:
  fallback_tier: t0
  allow_overrides: ${flags.overrides}
  explore: ${flags.explore}
  aliases: {auto: auto_route}
  conversation: {downgrade_after: ${flags.downgradeAfter}, cache_aware: ${flags.cacheAware}}
  tiers:
${rungs.join("\n")}
  rules: [${rules.join(", ")}]
`);
  });

const model = fc.record({
  inputCostPerToken: fc.constantFrom(null, 1e-7, 2e-7, 1e-5),
  outputRatio: fc.constantFrom(1, 4, 20),
  maxInputTokens: fc.constantFrom(null, 3, 100_000),
  supportsVision: fc.constantFrom(null, true, false),
  supportsFunctionCalling: fc.constantFrom(null, true, false),
});

const catalog = fc.array(model, { minLength: MODELS.length, maxLength: MODELS.length }).map((models) => {
  const entries = models.map(({ outputRatio, ...entry }, at): [string, CatalogModel] => {
    const name = MODELS[at] ?? "";
    const unknown = { deployment: null, cachedInputCostPerToken: null, maxOutputTokens: null };
    const rest = { supportsResponseSchema: null, supportsReasoning: null };
    const { inputCostPerToken: input } = entry;
    const outputCostPerToken = input === null ? null : input * outputRatio;
    return [name, { name, ...unknown, ...rest, ...entry, outputCostPerToken }];
  });
  return { revision: "1", models: new Map(entries), wildcards: [] };
});

const health = fc
  .array(fc.record({ rests: fc.boolean(), latencyMs: fc.constantFrom(null, 50, 4_000) }), {
    minLength: MODELS.length,
    maxLength: MODELS.length,
  })
  .map((models) => {
    const entries = models.map(({ rests, latencyMs }, at): [string, ModelHealth] => {
      return [MODELS[at] ?? "", { ...UNMEASURED, latencyMs, coolUntilMs: rests ? 1 : null }];
    });
    return new Map(entries);
  });

const request = fc
  .record({
    texts: fc.array(fc.constantFrom("hello there", "prove it", "ok", "think harder"), {
      minLength: 1,
      maxLength: 4,
    }),
    tools: fc.boolean(),
    // Characters that a tool answered behind the newest turn; null: none was called.
    answered: fc.constantFrom(null, null, 40, 20_000),
    image: fc.boolean(),
    team: fc.constantFrom("core", "none"),
    headers: fc.constantFrom<Record<string, string>>(
      ...[{}, { "x-signalbox-tier": "t1" }, { "x-signalbox-hint": "90" }, { "x-signalbox-min-tier": "t1" }],
      ...[{ "x-signalbox-pick": "cost", "x-signalbox-min-tier": "t0" }, { "x-signalbox-prefer": "openai" }],
    ),
  })
  .map(({ texts, tools, answered, image, team, headers }) => {
    const picture = { type: "image_url", image_url: { url: "data:image/png;base64,AA" } };
    const messages = texts.map((text) => ({
      role: "user",
      content: image ? [{ type: "text", text }, picture] : text,
    }));
    const tool = { type: "function", function: { name: "look", parameters: {} } };
    return read(
      { model: "auto", messages: [...messages, ...calledWith(answered)], ...(tools && { tools: [tool] }) },
      { caller: { team_id: team }, headers },
    );
  });

function calledWith(chars: number | null) {
  if (chars === null) return [];
  const call = { id: "c", type: "function", function: { name: "look", arguments: "{}" } };
  return [
    { role: "assistant", content: null, tool_calls: [call] },
    { role: "tool", tool_call_id: "c", content: "lorem ipsum ".repeat(chars / 12) },
  ];
}

/** With two decimals, as classifiers give it. */
export const score = fc.integer({ min: 0, max: 10_000 }).map((hundredths) => hundredths / 100);
const draw = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

/** A request with a score for each of its turns, and a policy, a catalogue and draws that it is decided with. */
export const asked = fc
  .record({
    policy,
    catalog,
    health,
    request,
    scores: fc.array(score, { minLength: 4, maxLength: 4 }),
    draw,
    draws: fc.record({ rollout: draw, explore: draw, neighbour: draw }),
  })
  .map(({ request, scores, ...world }): Asked => {
    const scoreOf = new Map(request.turns.map((turn, at) => [turn, scores[at] ?? 0]));
    const classify: Asked["context"]["classify"] = (_, turn) => {
      return { strategy: "static", score: scoreOf.get(turn) ?? 0, confidence: null, signals: () => [] };
    };
    return { request, context: { ...world, classify, instead: null, now: new Date(0) } };
  });

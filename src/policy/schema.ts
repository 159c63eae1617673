import { z } from "zod";
import { CATEGORIES } from "../classify/category/categories.ts";
import { MAX_PATTERN_CHARS } from "./glob.ts";
import { classifierSchema, collectorSchema } from "./schema-classifier.ts";
import {
  flag,
  integer,
  list,
  mapping,
  modelName,
  oneOf,
  PICKS,
  patterns,
  phrases,
  real,
  share,
  text,
  weight,
} from "./schema-parts.ts";
import { rulesSchema } from "./schema-rules.ts";

const MODELS = "a list of at least one model";

const poolEntry = z.union(
  [
    modelName(),
    mapping({
      model: modelName().describe("Name of a model."),
      weight: weight().optional().describe("Relative share where `pick` is `weighted`; 1 if left out."),
      enabled: flag().default(true).describe("`false` takes the model out of the pool."),
    }),
  ],
  { error: "the name of a model, or {model, weight, enabled}" },
);

const pool = () => list(poolEntry, MODELS).min(1, { error: MODELS });

const RANGE = "two integers in 0..100";
const bound = () => z.int({ error: RANGE }).min(0, { error: RANGE }).max(100, { error: RANGE });

const tierSchema = mapping({
  score_range: z
    .tuple([bound(), bound()], { error: RANGE })
    .optional()
    .describe(
      "Scores of the tier, `[lowest, highest]`, integers. All tiers together cover 0..100 without gap or overlap. May be left out where there is one tier only.",
    ),
  model: modelName()
    .optional()
    .describe(
      "The tier's model: a name of `model_list`, or one that `external_models` takes. Either this or `models`.",
    ),
  models: pool()
    .optional()
    .describe("The tier's models in order: names, or `{model, weight, enabled}`. Either this or `model`."),
  pick: oneOf(PICKS).default("first").describe("How the order within `models` is chosen."),
  description: text("a description of 1 to 500 characters", 500)
    .optional()
    .describe(
      "What belongs into the tier, in words, for the LLM classifier. Tiers named simple, medium and complex have one.",
    ),
});

const aliasSchema = z.union(
  [
    text("the name of a model or an alias, or auto_route", MAX_PATTERN_CHARS),
    mapping({
      pick: oneOf(PICKS)
        .optional()
        .describe(
          "Without `models`: the objective that the name stands for (cost, latency, quality, or, where it is left out, balanced), over the models of all tiers. With `models`: how their order is chosen; `weighted` where a weight is given, else `first`.",
        ),
      models: pool().optional().describe("Models behind the name: names, or `{model, weight, enabled}`."),
      enabled: flag().default(true).describe("`false` switches the alias off, as if it was not in the file."),
    }),
  ],
  { error: "a name, or a mapping with pick, models, enabled" },
);

const points = () => real(0, 100);

/** How much the parts of a score count in one pick. */
function pickWeights([cost, quality, latency]: readonly [number, number, number]) {
  const none = "at least one weight above 0";
  return mapping({ cost: points(), quality: points(), latency: points() })
    .refine((weights) => weights.cost + weights.quality + weights.latency > 0, { error: none })
    .default({ cost, quality, latency });
}

const pickWeightsSchema = mapping({
  balanced: pickWeights([40, 35, 25]).describe("Of `pick: balanced`."),
  cost: pickWeights([80, 10, 10]).describe("Of `pick: cost`."),
  quality: pickWeights([5, 85, 10]).describe("Of `pick: quality`."),
  latency: pickWeights([10, 10, 80]).describe("Of `pick: latency`."),
});

const MAX_TEAMS = 1000;
const TEAMS = `a list of at most ${MAX_TEAMS} ids of teams`;
const OVERRIDES = `all, none, or ${TEAMS}`;

const traitsSchema = mapping({
  quality: real(0, 100)
    .optional()
    .describe(
      "How good its answers are, 0 to 100. If left out, a model of a dearer tier counts as better, and within a tier the dearer model.",
    ),
  specialties: list(oneOf(CATEGORIES), "a list of kinds of work")
    .default([])
    .describe("Kinds of work for which the pick of its pool puts it first."),
  local: flag()
    .optional()
    .describe("Whether it runs on your own hardware; told by its provider (`ollama` for one) if left out."),
});

/** `routing` of gateway.yaml. */
export const routingSchema = mapping({
  mode: oneOf(["enforce", "shadow", "off"])
    .default("enforce")
    .describe(
      "`enforce` serves the decision, `shadow` decides and logs but serves what was asked, `off` does neither.",
    ),
  access: oneOf(["strict", "virtual_name"])
    .default("strict")
    .describe(
      "`strict`: a key must be allowed the target. `virtual_name`: being allowed the virtual name is enough.",
    ),
  allow_overrides: z
    .union(
      [
        z.enum(["all", "none"], { error: OVERRIDES }),
        list(text("the id of a team"), TEAMS).max(MAX_TEAMS, { error: TEAMS }),
      ],
      { error: OVERRIDES },
    )
    .optional()
    .describe(
      "Whose `x-signalbox-*` headers may override the decision: everybody's, nobody's, or those of the teams listed. `all` under `access: strict`, `none` under `virtual_name` if left out.",
    ),
  fallback_tier: text("the name of a tier")
    .default("medium")
    .describe("Tier that serves when nothing else decides."),
  unknown_model: oneOf(["auto", "passthrough"])
    .default("auto")
    .describe("What happens to a name that is no alias, model or pattern."),
  baseline_model: modelName()
    .optional()
    .describe(
      "Model that would serve if nothing was routed: savings are counted against it. The first model of the dearest tier if left out.",
    ),
  external_models: patterns()
    .default([])
    .describe(
      "Patterns of models that LiteLLM has from elsewhere (its UI, another config): legal targets, passed through.",
    ),
  tiers: z
    .record(z.string(), tierSchema, { error: "a mapping of tiers" })
    .describe("The ladder by tier name, cheapest first."),
  aliases: z
    .record(z.string(), aliasSchema, { error: "a mapping of aliases" })
    .default({})
    .describe(
      "Names that clients may use, and what is behind each: a model, another alias, `auto_route`, an objective, or a pool.",
    ),
  models: z
    .record(z.string(), traitsSchema, { error: "a mapping of models" })
    .default({})
    .describe("What LiteLLM does not know of a model, by its name."),
  pass_fallbacks: flag()
    .default(true)
    .describe(
      "Whether LiteLLM goes on with the next models of the ladder, as far as the caller may use them, where a provider fails. Instead of `fallbacks`, `context_window_fallbacks` and `content_policy_fallbacks` of LiteLLM's own configuration; a request that brings its own keeps them.",
    ),
  pick_weights: pickWeightsSchema
    .prefault({})
    .describe(
      "What cost, quality and latency count in the picks that weigh them; only the weights' relation matters.",
    ),
  prefer_local: share(1)
    .optional()
    .describe(
      "In picks that weigh: a local model goes first if its score is at least this share of the best one's. No such advantage if left out.",
    ),
  auto_route_patterns: patterns()
    .default([])
    .describe(
      "Names to route automatically: `*` any characters (`/` too), `?` one, `[abc]` one of a set; the whole name must match.",
    ),
  rules: rulesSchema
    .default([])
    .describe(
      "What the organisation wants, in order: the first rule that matches decides. See [rules.md](rules.md).",
    ),
  classifier: classifierSchema.prefault({}).describe("How complex a request is, as a score in 0..100."),
  conversation: mapping({
    downgrade_after: integer(0, 1000)
      .default(3)
      .describe("Lower turns in a row before a conversation comes down to a cheaper tier; 0 = never."),
    escalate_phrases: phrases()
      .optional()
      .describe(
        "Phrases that raise the tier by one for the turn that holds one at its beginning or end; replace the built-in list (`think harder`, `escalate` and others, in 15 languages). `[]` switches them off.",
      ),
    repeat_raises_after: integer(0, 16)
      .default(3)
      .describe(
        "Identical asks in a row that raise the tier by one, and twice as many by two: an agent that is stuck; 0 = never.",
      ),
    cache_aware: flag()
      .default(false)
      .describe(
        "Come down only where the rest of the turn is expected to save more than it costs that the cheaper model has to read the whole prompt anew.",
      ),
  })
    .prefault({})
    .describe("How a conversation moves between tiers."),
  rollout: mapping({
    percent: real(0, 100).describe(
      "Share to which the policy applies; the others are served as in shadow mode.",
    ),
    by: oneOf(["conversation", "key"])
      .default("conversation")
      .describe("What stays in its group: a conversation, or all requests of a key."),
  })
    .optional()
    .describe(
      "Applies the policy to a share of the requests under `mode: enforce`; to all if left out. See [rollout.md](rollout.md).",
    ),
  explore: share(0.5)
    .default(0)
    .describe(
      "Share of the conversations in which a neighbouring tier is tried, within floors and ceilings, so that its answers can be compared. See [rollout.md](rollout.md).",
    ),
  collector: collectorSchema.prefault({}).describe("What is logged."),
});

/** `routing`, checked and with its defaults filled in. */
export type Routing = z.output<typeof routingSchema>;

/** `classifier` with BSGateway's shorthands still in it. */
export type RoutingClassifier = Routing["classifier"];

/** An entry of a pool as written: a name, or a name with its share. */
export type PoolEntry = z.output<typeof poolEntry>;

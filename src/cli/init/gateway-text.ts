import { stringify, type Tags } from "yaml";
import { z } from "zod";
import type { Found, FoundModel } from "./find-models.ts";
import { PRESETS, type Preset, type PresetName } from "./presets.ts";

/** A rung of the ladder that is written. */
interface Tier {
  readonly name: string;
  readonly range: string;
  readonly models: readonly string[];
}

/**
 * Writes a gateway.yaml with comments. Total: any model will do.
 *
 * @param schemaPath where editors find gateway.schema.json, from the file's folder on.
 */
export function gatewayText(
  { models, sources }: Found,
  presetName: PresetName,
  schemaPath = "gateway.schema.json",
): string {
  const preset: Preset = PRESETS[presetName];
  const tiers = tiersOf(models);
  const fallback = tiers[Math.floor((tiers.length - 1) / 2)] ?? NO_TIER;
  const taken = new Set(models.map(({ name }) => name));
  const aliases = ["auto", "cheap", "quality"].filter((name) => !taken.has(name));
  const patterns = preset.patterns.filter((pattern) => !taken.has(pattern));
  const serving = models.find(({ name }) => name === fallback.models[0]);
  const backings =
    serving === undefined
      ? []
      : [...aliases, ...patterns].map((name) => ({ ...serving, name, rest: withoutId(serving.rest) }));
  return `# yaml-language-server: $schema=${schemaPath}
# Written by \`signalbox init\` for ${preset.about}, from ${sources.length === 0 ? "no key and no model that was there" : sources.join(", ")}.
# It is yours now. Check a change with \`signalbox check\`, and see where requests go with \`signalbox route "..."\`.
# Every key with its default: docs/configuration.md.

# Models, in LiteLLM's own format. LiteLLM includes this file, so nothing but model_list and routing may stand here.
model_list:
${entries(models)}
  # Backings of the names below: clients see them in /v1/models, and LiteLLM serves this model under that name while
  # Signalbox is away.
${entries(backings)}

routing:
  # enforce: serve what was decided. shadow: decide and log, but serve what was asked for: a way to begin. off: neither.
  mode: enforce

  # strict: a key must be allowed to call the model that is chosen.
  access: strict

  # The ladder, cheapest first: each request gets a score from 0 (trivial) to 100 (hard). The order was guessed from the
  # models' names: look it over.
  tiers:
${tiers.map(tierText).join("")}${silentText(models)}
  # Serves when nothing else decides.
  fallback_tier: ${fallback.name}

  # Names that clients may use beside the models' own.
  aliases:
${aliases.map((name) => `    ${ALIASES[name]}\n`).join("")}
${patternText(patterns)}${fillTiers(preset.rules(), tiers, fallback)}
  # How the score comes about.
  classifier: {strategy: ml}

  # A conversation goes up a tier at once, and comes down after this many simpler turns.
  conversation: {downgrade_after: ${preset.downgradeAfter}}

  # The log in PostgreSQL. store_text: none | redacted (secrets and personal data masked) | full
  collector: {store_text: ${preset.storeText}, retention_days: 90}
`;
}

const withInfo = z.looseObject({ model_info: z.looseObject({}) });

/** LiteLLM tells deployments apart by their id: a copy is to get one of its own. */
function withoutId(rest: FoundModel["rest"]): FoundModel["rest"] {
  const { data } = withInfo.safeParse(rest);
  if (data === undefined) return rest;
  const { id: _, ...info } = data.model_info;
  return { ...rest, model_info: info };
}

const NO_TIER: Tier = { name: "medium", range: "[0, 100]", models: [] };

const ALIASES: Readonly<Record<string, string>> = {
  auto: "auto: auto_route # Signalbox chooses by the score",
  cheap: "cheap: {pick: cost}",
  quality: "quality: {pick: quality}",
};

const NAMES = ["simple", "medium", "complex"] as const;
/** By the number of tiers, for the scores of the classifier that ships. */
const RANGES: Readonly<Record<number, readonly string[]>> = {
  1: ["[0, 100]"],
  2: ["[0, 54]", "[55, 100]"],
  3: ["[0, 44]", "[45, 54]", "[55, 100]"],
};

/** One tier for each rank that a model has. */
function tiersOf(models: readonly FoundModel[]): readonly Tier[] {
  const named = models.filter(({ name, chats }) => chats && !name.includes("*"));
  const ranks = ([0, 1, 2] as const).filter((rank) => named.some((model) => model.rank === rank));
  const ranges = RANGES[ranks.length] ?? [];
  return ranks.map((rank, index) => {
    const pool = named.filter((model) => model.rank === rank).map(({ name }) => name);
    return { name: NAMES[rank], range: ranges[index] ?? "", models: [...new Set(pool)] };
  });
}

function tierText({ name, range, models }: Tier): string {
  const [first = ""] = models;
  const served = models.length === 1 ? `model: ${quote(first)}` : `models: [${models.map(quote).join(", ")}]`;
  return `    ${name}: {score_range: ${range}, ${served}}\n`;
}

/** Models that answer no messages are served by their own names alone. */
function silentText(models: readonly FoundModel[]): string {
  const names = new Set(models.filter(({ chats }) => !chats).map(({ name }) => quote(name)));
  return names.size === 0 ? "" : `    # In no tier, as they answer no messages: ${[...names].join(", ")}\n`;
}

const quote = (text: string) => (/^[\w.-]*[a-z][\w.-]*$/i.test(text) ? text : JSON.stringify(text));

function patternText(patterns: readonly string[]): string {
  if (patterns.length === 0) return "";
  return `  # Names that are routed by the score too. A model of model_list keeps its name.
  auto_route_patterns: [${patterns.map(quote).join(", ")}]

`;
}

function fillTiers(rules: string, tiers: readonly Tier[], fallback: Tier): string {
  return rules
    .replaceAll("<cheapest>", tiers[0]?.name ?? fallback.name)
    .replaceAll("<dearest>", tiers.at(-1)?.name ?? fallback.name)
    .replaceAll("<fallback>", fallback.name);
}

function entries(models: readonly FoundModel[]): string {
  const list = models.map(({ name, params, rest }) => ({
    model_name: name,
    litellm_params: params,
    ...rest,
  }));
  // LiteLLM reads YAML 1.1, in which a text like 2024-10-21 or yes is one in quotes only.
  const form = { version: "1.1", customTags: withPoints } as const;
  const text = stringify(list, { lineWidth: 0, aliasDuplicateObjects: false, ...form });
  return text.replace(/^/gm, "  ").trimEnd();
}

/** To LiteLLM 1e-7 is a text, and 1.0e-7 a number. */
function withPoints(tags: Tags): Tags {
  return tags.map((tag) => {
    if (typeof tag === "string" || tag.collection !== undefined || !tag.tag.endsWith(":float")) return tag;
    const { stringify: write } = tag;
    return { ...tag, stringify: (...given) => write?.(...given).replace(/^(-?\d+)e/, "$1.0e") ?? "" };
  });
}

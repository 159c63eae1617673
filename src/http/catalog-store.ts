import { z } from "zod";
import type { Catalog, CatalogModel } from "../decide/catalog.ts";
import type { Glob } from "../policy/policy.ts";
import { lenient } from "../request/envelope-schema.ts";
import { modelHealthSchema } from "./model-health.ts";

// An odd value in one deployment must not lose the whole catalogue.
const price = lenient(z.number().min(0));
const tokens = lenient(z.int().min(0));
const ability = lenient(z.boolean());
/** Longest name of a model, as in the callback. */
const name = z.string().min(1).max(256);

const catalogModelSchema = z.object({
  name: name.describe("Name of the model group"),
  deployment: lenient(z.string().max(512)).describe("litellm_params.model"),
  input_cost_per_token: price.describe("USD"),
  output_cost_per_token: price.describe("USD"),
  cache_read_input_token_cost: price.describe("USD, of tokens that the provider has in its cache"),
  max_input_tokens: tokens,
  max_output_tokens: tokens,
  supports_vision: ability,
  supports_function_calling: ability,
  supports_response_schema: ability,
  supports_reasoning: ability,
});

/** Most models that a catalogue may hold. */
const MAX_MODELS = 5_000;

/** Largest catalogue in bytes: a model takes 300 to 400, and up to 1,000 with the longest names. */
export const MAX_CATALOG_BYTES = 4 * 1024 * 1024;

/** The body of PUT /v1/catalog. */
export const catalogSchema = z.object({
  revision: z.string().min(1).max(64).describe("Changes with the content"),
  models: z.array(catalogModelSchema).max(MAX_MODELS),
  wildcards: z.array(name).max(MAX_MODELS).default([]).describe("LiteLLM's names with a *"),
  litellm_version: z.string().max(64).nullable().default(null),
  self_test: z
    .object({ ok: z.boolean(), missing: z.array(z.string().max(256)).max(100) })
    .nullable()
    .default(null)
    .describe("What the callback found missing in LiteLLM"),
});

/** The answer of GET /v1/catalog: what was sent, and how each model did since. */
export const catalogReplySchema = catalogSchema.extend({
  models: z.array(catalogModelSchema.extend({ health: modelHealthSchema })),
});

/** The answer of GET /v1/catalog. */
export type CatalogReply = z.output<typeof catalogReplySchema>;

/** The provider of the canned answers that `npm start` without keys serves; it stands before the one it stands in for. */
export const CANNED_PROVIDER = "canned";

/** A catalogue as the callback sends it. */
export type CatalogBody = z.output<typeof catalogSchema>;

/** The catalogue that the callback last sent. */
export interface CatalogStore {
  current(): Catalog | null;
  /** As it was sent, null before the first time. */
  sent(): CatalogBody | null;
  replace(body: CatalogBody): void;
}

/** Where a catalogue outlives the process. */
interface Keeping {
  /** null where none is kept. */
  read(): CatalogBody | null;
  write(body: CatalogBody): void;
}

/** Keeps the catalogue in memory, and where it is told to, beyond a restart: until then the callback need not be asked. */
export function createCatalogStore(
  compileGlob: (pattern: string) => Glob,
  keeping: Keeping | null = null,
): CatalogStore {
  let body = keeping?.read() ?? null;
  let catalog = body && toCatalog(body, compileGlob);
  return {
    current: () => catalog,
    sent: () => body,
    replace: (next) => {
      catalog = toCatalog(next, compileGlob);
      body = next;
      keeping?.write(next);
    },
  };
}

function toCatalog(body: CatalogBody, compileGlob: (pattern: string) => Glob): Catalog {
  const models = new Map(body.models.map((model) => [model.name, toCatalogModel(model)]));
  return { revision: body.revision, models, wildcards: body.wildcards.map(compileGlob) };
}

function toCatalogModel(model: z.output<typeof catalogModelSchema>): CatalogModel {
  return {
    name: model.name,
    deployment: model.deployment && withoutCanned(model.deployment),
    inputCostPerToken: model.input_cost_per_token,
    outputCostPerToken: model.output_cost_per_token,
    cachedInputCostPerToken: model.cache_read_input_token_cost,
    maxInputTokens: model.max_input_tokens,
    maxOutputTokens: model.max_output_tokens,
    supportsVision: model.supports_vision,
    supportsFunctionCalling: model.supports_function_calling,
    supportsResponseSchema: model.supports_response_schema,
    supportsReasoning: model.supports_reasoning,
  };
}

/** What the file says of a model holds of its stand-in too: who would serve it, and that LiteLLM has it loaded. */
function withoutCanned(deployment: string): string {
  const prefix = `${CANNED_PROVIDER}/`;
  return deployment.startsWith(prefix) ? deployment.slice(prefix.length) : deployment;
}

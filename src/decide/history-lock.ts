import type { Facts } from "../request/route-request.ts";
import type { World } from "./eligible.ts";
import { deploymentOf, providerOf } from "./provider.ts";

/** What of a request's history only its own provider can read, and whose that is. */
export interface HistoryLock {
  readonly what: string;
  readonly by: string;
  /** Whether a model is of that provider. */
  readonly isOwn: (model: string) => boolean;
}

/** Response ids as LiteLLM hands them out: `resp_` and this in base64, with the provider's own id in it. */
const OWN_FORM = /^litellm:custom_llm_provider:([^;]{1,64});/;
/** Providers that serve one vendor's models under names of the customer's own. */
const OPENAI_PROVIDERS: ReadonlySet<string | null> = new Set(["openai", "azure", "chatgpt"]);
const GEMINI_PROVIDERS: ReadonlySet<string | null> = new Set(["gemini", "vertex_ai", "vertex_ai_beta"]);

/**
 * Finds what of the history only its own provider can read. null where that is nothing, where its writer is not known,
 * and where no model that may serve is its writer's: then all models read the same of it.
 */
export function lockOf(facts: Facts, world: World): HistoryLock | null {
  const lock = responseLock(facts, world) ?? thinkingLock(facts, world);
  if (lock === null) return null;
  const pool = world.pool ?? world.policy.tiers.flatMap(({ models }) => models.map(({ model }) => model));
  return pool.some(lock.isOwn) ? lock : null;
}

/** A stored response belongs to an account of its provider: the same vendor elsewhere does not have it. */
function responseLock(
  { previousResponseBy: id, previousResponseModel: writer }: Facts,
  world: World,
): HistoryLock | null {
  if (id === null) return null;
  const by = providerOfResponse(id);
  // A group of deployments may have several providers, of which the catalogue names the first.
  const isOwn = (model: string) => model === writer || providerOf(model, world) === by;
  return { what: "the response that it goes on from", by, isOwn };
}

/** An id that LiteLLM did not make is one of OpenAI's, who has made the API. */
function providerOfResponse(id: string): string {
  const text = Buffer.from(id.replace(/^resp_/, ""), "base64").toString("latin1");
  return OWN_FORM.exec(text)?.[1] ?? "openai";
}

/** The signature of a vendor's model is read by that vendor's models wherever they are served. */
function thinkingLock({ signedThinkingBy: by }: Facts, world: World): HistoryLock | null {
  if (by === null || by === "unknown") return null;
  const isOwn = (model: string) =>
    vendorOf(model, world) === by || (by === "anthropic" && isProfile(model, world));
  return { what: "signed thinking in its history", by, isOwn };
}

/** An inference profile of Bedrock is named by an address that does not tell its model. Claude alone signs there. */
function isProfile(model: string, world: World): boolean {
  return /^bedrock\/.*\barn:/.test(deploymentOf(model, world) ?? "");
}

function vendorOf(model: string, world: World): string | null {
  const provider = providerOf(model, world);
  if (/claude/i.test(deploymentOf(model, world) ?? "")) return "anthropic";
  if (OPENAI_PROVIDERS.has(provider)) return "openai";
  return GEMINI_PROVIDERS.has(provider) ? "gemini" : provider;
}

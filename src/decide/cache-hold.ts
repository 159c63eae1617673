import type { Tier } from "../policy/policy.ts";
import type { AskSize, RouteRequest, WireShape } from "../request/route-request.ts";
import type { Catalog, CatalogModel } from "./catalog.ts";
import { EXPECTED_OUTPUT_TOKENS } from "./eligible.ts";
import { estimateTokensBySize } from "./input-tokens.ts";

/** What a step down would save and cost, because the cheaper model has the conversation in no cache. */
export interface CacheHold {
  readonly from: string;
  readonly to: string;
  /** Calls that the rest of the turn is expected to take. */
  readonly calls: number;
  /** Expected saving of these calls, were the prompt in both models' caches, in USD. */
  readonly savingUsd: number;
  /** What the prompt costs more where it is not in the cache, in USD. */
  readonly rereadUsd: number;
  /** The dearer tier goes on: the step would cost more than it saves. */
  readonly held: boolean;
}

/** A step down that may be taken at one of the newest human turns. */
export interface StepDown {
  readonly from: Tier;
  readonly to: Tier;
  /** How many human turns back: 0 = the newest. */
  readonly turnsBack: number;
}

/**
 * Whether a step down pays. With the prompt P and the answer O in tokens, n calls, and the prices i (input), c (input
 * from the cache) and o (output) of the dearer model H and the cheaper one L:
 *
 *     saving  = n · (P · (c_H − c_L) + O · (o_H − o_L))
 *     re-read = P · (i_L − c_L)
 *
 * and the step is taken where the saving is larger. P is the prompt at the human turn, so that a tool loop is judged
 * the same at each of its calls; n is what the turns before took on average; O is the output that all estimates
 * assume. The models are the first of their tiers whose prices are known; that H's cache is still warm is assumed.
 *
 * @returns null where a price or the prompt's size is not known.
 */
export function weighStepDown(
  request: RouteRequest,
  { from, to, turnsBack }: StepDown,
  catalog: Catalog | null,
): CacheHold | null {
  const ask = request.facts.asks.at(-1 - turnsBack);
  const [dear, cheap] = [pricesOf(from, catalog), pricesOf(to, catalog)];
  if (ask === undefined || dear === null || cheap === null) return null;
  const prompt = estimateTokensBySize({ ...request.facts, ...ask });
  const calls = expectedCalls(ask, request.facts.humanTurns - turnsBack, ITEMS_PER_CALL[request.wire]);
  const perCall =
    prompt * (dear.cached - cheap.cached) + EXPECTED_OUTPUT_TOKENS * (dear.output - cheap.output);
  const savingUsd = calls * perCall;
  const rereadUsd = prompt * (cheap.input - cheap.cached);
  return { from: from.name, to: to.name, calls, savingUsd, rereadUsd, held: savingUsd <= rereadUsd };
}

/**
 * What a call brings: the model's message and the answer to it; in the Responses format what the model reasoned is an item
 * of its own. Whether it did is told by the history alone, which grows within a loop.
 */
const ITEMS_PER_CALL: Readonly<Record<WireShape, number>> = { chat: 2, text: 2, messages: 2, responses: 3 };

/** The turns before tell how many calls a turn takes. */
function expectedCalls({ messages }: AskSize, turn: number, itemsPerCall: number): number {
  const turnsBefore = turn - 1;
  if (turnsBefore < 1) return 1;
  return Math.max(1, Math.round((messages - 1) / turnsBefore / itemsPerCall));
}

interface Prices {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
}

function pricesOf({ models }: Tier, catalog: Catalog | null): Prices | null {
  for (const { model } of models) {
    const prices = knownPrices(catalog?.models.get(model));
    if (prices !== null) return prices;
  }
  return null;
}

function knownPrices(model: CatalogModel | undefined): Prices | null {
  const input = model?.inputCostPerToken ?? null;
  const output = model?.outputCostPerToken ?? null;
  if (input === null || output === null) return null;
  return { input, output, cached: model?.cachedInputCostPerToken ?? input };
}

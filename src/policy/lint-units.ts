import { type ConditionBlock, conditionBlocksOf } from "./condition-texts.ts";
import type { Report } from "./report.ts";
import type { Routing } from "./schema.ts";
import type { RuleSection } from "./schema-rules.ts";
import type { Path } from "./source.ts";
import { warnOfTokenPrice } from "./token-price.ts";

/** A key that has spent this many times its budget is none that a rule waits for: percents were meant. */
const ODD_BUDGET_RATIO = 2;
/** No model gives a whole answer within so many milliseconds: seconds were meant. */
const ODD_LATENCY_MS = 100;
/** No embedding is made within so many milliseconds. */
const ODD_EMBEDDING_MS = 50;
/** Nobody waits so many seconds: milliseconds were meant. */
const ODD_TIMEOUT_SECONDS = 100;
/** No request costs so little: the price of a token was meant. */
const ODD_COST_USD = 0.00001;
/** No request is so short: thousands were meant. */
const ODD_TOKENS = 10;

/** Warns of numbers in another unit than the key has. */
export function lintUnits(routing: Routing, report: Report): void {
  for (const block of conditionBlocksOf(routing)) lintConditions(block, report);
  for (const [index, rule] of routing.rules.entries()) {
    lintLimits(rule, ["routing", "rules", index], report);
  }
  lintTimeouts(routing, report);
  lintTokenPrices(routing, report);
  lintThresholds(routing, report);
  lintRepeats(routing, report);
}

function lintConditions({ path, block }: ConditionBlock, report: Report): void {
  const { min_budget_used_ratio: ratio = 0, max_input_tokens: tokens = ODD_TOKENS } = block;
  if (ratio >= ODD_BUDGET_RATIO) {
    report.warn(
      [...path, "min_budget_used_ratio"],
      `found ${ratio}, which is ${Math.round(100 * ratio)} % of the budget: ${ratio} % are ${ratio / 100}`,
    );
  }
  if (tokens < ODD_TOKENS) {
    report.warn([...path, "max_input_tokens"], `found ${tokens} tokens, ${tooShort(tokens)}`);
  }
  lintEnds(block.hour, { path: [...path, "hour"], spanOf: (low, high) => `${low}-${high}`, report });
  lintEnds(block.turns, {
    path: [...path, "turns"],
    spanOf: (low, high) => `{min: ${low}, max: ${high}}`,
    report,
  });
}

const tooShort = (tokens: number) =>
  tokens === 0
    ? "which no request keeps to: expected more"
    : `which hardly a request keeps to: ${tokens} thousand are ${1000 * tokens}`;

/** `[9, 17]` are two hours, as `score_range` writes its ends. */
function lintEnds(
  values: unknown,
  {
    path,
    spanOf,
    report,
  }: {
    readonly path: Path;
    readonly spanOf: (low: number, high: number) => string;
    readonly report: Report;
  },
): void {
  if (!Array.isArray(values) || values.length !== 2) return;
  const [low, high]: readonly unknown[] = values;
  if (typeof low !== "number" || typeof high !== "number" || high <= low + 1) return;
  report.warn(
    path,
    `found ${low} and ${high} alone, nothing between: from ${low} to ${high} is ${spanOf(low, high)}`,
  );
}

function lintLimits(
  { max_latency_ms: ms, max_cost_usd: usd = 0 }: RuleSection,
  path: Path,
  report: Report,
): void {
  if (ms !== undefined && ms < ODD_LATENCY_MS) {
    report.warn(
      [...path, "max_latency_ms"],
      `found ${ms} ms, in which hardly a model answers: ${ms} seconds are ${1000 * ms}`,
    );
  }
  if (usd > 0 && usd < ODD_COST_USD) {
    report.warn(
      [...path, "max_cost_usd"],
      `found ${usd} USD, which hardly a request costs: expected what a whole request may cost, not a token`,
    );
  }
}

function lintTimeouts({ classifier: { llm }, collector: { embedding } }: Routing, report: Report): void {
  const path: Path = ["routing", "collector", "embedding"];
  lintSeconds(llm.timeout, ["routing", "classifier", "llm", "timeout"], report);
  lintSeconds(embedding?.timeout, [...path, "timeout"], report);
  const ms = embedding?.timeout_ms ?? ODD_EMBEDDING_MS;
  if (ms >= ODD_EMBEDDING_MS) return;
  report.warn(
    [...path, "timeout_ms"],
    `found ${ms} ms, in which hardly an embedding is made: ${ms} seconds are ${1000 * ms}`,
  );
}

function lintSeconds(timeout: number | undefined, path: Path, report: Report): void {
  if (timeout === undefined) return;
  report.warn(
    path,
    timeout < ODD_TIMEOUT_SECONDS
      ? `found ${timeout}, taken as seconds: write timeout_ms: ${Math.round(timeout * 1000)}`
      : `found ${timeout}, taken as seconds, which is longer than anybody waits: ${timeout} milliseconds are timeout_ms: ${Math.round(timeout)}`,
  );
}

function lintTokenPrices({ classifier: { llm } }: Routing, report: Report): void {
  for (const key of ["input_cost_per_token", "output_cost_per_token"] as const) {
    warnOfTokenPrice(llm[key] ?? 0, ["routing", "classifier", "llm", key], report);
  }
}

function lintThresholds({ classifier }: Routing, report: Report): void {
  const isNested = classifier.static?.token_thresholds !== undefined;
  const high = (isNested ? classifier.static : classifier)?.token_thresholds?.high ?? ODD_TOKENS;
  if (high >= ODD_TOKENS) return;
  report.warn(
    ["routing", "classifier", ...(isNested ? ["static"] : []), "token_thresholds", "high"],
    `found ${high} tokens, above which nearly every turn is very long: ${high} thousand are ${1000 * high}`,
  );
}

/** A single ask counts as one. */
function lintRepeats({ conversation }: Routing, report: Report): void {
  if (conversation.repeat_raises_after !== 1) return;
  report.warn(
    ["routing", "conversation", "repeat_raises_after"],
    "found 1, at which every ask raises the tier, repeated or not: the first repetition is the second ask, 2; 0 is never",
  );
}

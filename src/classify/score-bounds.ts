import { calibrate } from "./calibration.ts";
import type { StaticConfig, StaticWeights } from "./static-config.ts";

/** Lowest and highest value, both 0..100. */
export interface Bounds {
  readonly lowest: number;
  readonly highest: number;
}

/** What a signal of keywords reads where no list has any. */
const NO_KEYWORDS = 30;

/** Scores that the static classifier can give with these settings, whatever it is asked. */
export function scoreBounds(config: StaticConfig): Bounds {
  const bounds = signalBounds(config);
  const always = config.floors.filter(({ signal, atLeast }) => bounds[signal].lowest >= atLeast);
  const ever = config.floors.filter(({ signal, atLeast }) => bounds[signal].highest >= atLeast);
  return {
    lowest: Math.max(calibrate(weigh(config.weights, bounds, "lowest")), ...always.map(({ score }) => score)),
    highest: Math.max(calibrate(weigh(config.weights, bounds, "highest")), ...ever.map(({ score }) => score)),
  };
}

type SignalBounds = Readonly<Record<keyof StaticWeights, Bounds>>;

/** Of each signal, as `static-signals.ts` reads it. */
function signalBounds({ complexKeywords, simpleKeywords }: StaticConfig): SignalBounds {
  return {
    tokenCount: { lowest: 0, highest: 100 },
    systemPrompt: { lowest: 0, highest: 100 },
    keywordPatterns: {
      lowest: simpleKeywords.length > 0 ? 0 : NO_KEYWORDS,
      highest: complexKeywords.length > 0 ? 100 : NO_KEYWORDS,
    },
    conversationLength: { lowest: 10, highest: 70 },
    codeComplexity: { lowest: 0, highest: 100 },
    toolUsage: { lowest: 0, highest: 80 },
    reasoning: { lowest: 0, highest: 100 },
  };
}

function weigh(weights: StaticWeights, bounds: SignalBounds, end: keyof Bounds): number {
  const parts = [
    [weights.tokenCount, bounds.tokenCount],
    [weights.systemPrompt, bounds.systemPrompt],
    [weights.keywordPatterns, bounds.keywordPatterns],
    [weights.conversationLength, bounds.conversationLength],
    [weights.codeComplexity, bounds.codeComplexity],
    [weights.toolUsage, bounds.toolUsage],
    [weights.reasoning, bounds.reasoning],
  ] as const;
  const total = parts.reduce((sum, [weight]) => sum + weight, 0);
  return parts.reduce((sum, [weight, bound]) => sum + weight * bound[end], 0) / total;
}

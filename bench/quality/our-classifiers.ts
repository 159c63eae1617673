import { chooseClassifier } from "../../src/classify/choose-classifier.ts";
import { createPromptScorer } from "../../src/learn/score-prompt.ts";
import type { Policy } from "../../src/policy/policy.ts";
import type { BenchClassifier, Judged } from "./classifier.ts";

/** Those that need nothing but the prompt; an LLM that is asked is measured where one runs. */
const LOCAL_STRATEGIES = ["static", "ml"] as const;

/** The classifiers that this version has, under a policy's settings and tiers. */
export function ourClassifiers(policy: Policy): BenchClassifier[] {
  return LOCAL_STRATEGIES.flatMap((strategy) => {
    const { classify, instead } = chooseClassifier({ ...policy.classifier, strategy });
    if (instead !== null) return [];
    const scorePrompt = createPromptScorer(classify);
    const known = new Map<string, Judged>();
    const judge = (prompt: string): Judged => {
      const before = known.get(prompt);
      if (before !== undefined) return before;
      const score = scorePrompt(prompt);
      const judged = { score, tier: tierOf(score, policy) };
      known.set(prompt, judged);
      return judged;
    };
    return {
      name: strategy,
      tiers: policy.tiers.map(({ name }) => name),
      isChance: strategy === "ml",
      isTrainedOnOutcomes: strategy === "ml",
      judge: async (prompts: readonly string[]) => prompts.map(judge),
    };
  });
}

function tierOf(score: number, { tiers }: Policy): number {
  return Math.max(
    0,
    tiers.findLastIndex(({ low }) => low <= score),
  );
}

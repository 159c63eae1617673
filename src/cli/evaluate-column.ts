import { basename } from "node:path";
import { chooseClassifier } from "../classify/choose-classifier.ts";
import { claimsChance } from "../classify/ml/artifact.ts";
import { createMlClassifier } from "../classify/ml/ml-classifier.ts";
import type { Classify } from "../classify/verdict.ts";
import { tierOfConversation } from "../decide/conversation.ts";
import { raiseTier, stepsUp } from "../decide/escalate.ts";
import { fallbackTier, tierOfScore } from "../decide/ladder.ts";
import type { Classifier } from "../learn/scorer.ts";
import type { Policy, Tier } from "../policy/policy.ts";
import type { RouteRequest } from "../request/route-request.ts";
import { loadArtifactOrFail } from "./artifact-file.ts";
import { CliError, EXIT } from "./cli-error.ts";

/** What a column says of a prompt. */
interface Judgement {
  /** Higher = needs the strong model. */
  readonly score: number;
  /** The tier that serves, by this score and what the policy makes of the conversation. */
  readonly tier: Tier;
}

/** A classifier as a column of the evaluation. */
export interface Column extends Classifier {
  /** @returns null where it has no score for the prompt. */
  readonly judge: (asked: RouteRequest, id: string) => Judgement | null;
}

export const strategies = ["static", "ml", "llm", "cascade"] as const;

/**
 * A classifier as the policy sets it.
 *
 * @throws {CliError} where it would ask an LLM, or cannot be used.
 */
export function classifierColumn(strategy: (typeof strategies)[number], policy: Policy): Column {
  if (strategy === "llm" || strategy === "cascade") {
    throw new CliError(
      EXIT.misused,
      `Cannot evaluate ${strategy}: no LLM is asked here, expected scores that were made before: ` +
        `\`signalbox score --strategy ${strategy}\`, then --scores FILE`,
    );
  }
  const { loaded } = policy.classifier.ml;
  const { classify, instead } = chooseClassifier({ ...policy.classifier, strategy });
  if (instead !== null) throw new CliError(EXIT.misused, `Cannot evaluate ${strategy}: ${instead}`);
  const isChance = strategy === "ml" && loaded !== null && claimsChance(loaded.artifact);
  return { name: strategy, isChance, judge: judgeBy(classify, policy) };
}

/**
 * A trained classifier as a column, named like its file.
 *
 * @throws {CliError} where the file cannot be used.
 */
export function artifactColumn(path: string, policy: Policy): Column {
  const { artifact } = loadArtifactOrFail(path);
  const name = basename(path).replace(/\.json$/, "");
  return { name, isChance: claimsChance(artifact), judge: judgeBy(createMlClassifier(artifact), policy) };
}

/** Earlier turns count as in service; where no human asks, the fallback tier serves. */
function judgeBy(classify: Classify, policy: Policy): Column["judge"] {
  const context = { policy, classify, instead: null, catalog: null, draw: 0, now: new Date(0) };
  return (asked) => {
    const found = tierOfConversation(asked, context);
    if (found !== null) return { score: found.verdict.score, tier: found.tier };
    return { score: 0, tier: fallbackTier(policy) };
  };
}

/** Scores that were made elsewhere, by id: nobody knows those of earlier turns. */
export function scoresColumn(
  path: string,
  scores: ReadonlyMap<string, number>,
  { isChance, policy }: Pick<Classifier, "isChance"> & { readonly policy: Policy },
): Column {
  const name = basename(path)
    .replace(/\.gz$/, "")
    .replace(/\.jsonl$/, "");
  const judge: Column["judge"] = (asked, id) => {
    const score = scores.get(id);
    if (score === undefined) return null;
    const raise = stepsUp(asked.turns.toReversed(), policy);
    return { score, tier: raiseTier(tierOfScore(score, policy.tiers), raise, policy).tier };
  };
  return { name, isChance, judge };
}

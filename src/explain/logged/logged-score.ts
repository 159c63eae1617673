import type { ChosenClassifier } from "../../classify/choose-classifier.ts";
import { readFeatures } from "../../classify/features/read-features.ts";
import { createFeatureScorer, type ScoreFeatures } from "../../classify/ml/ml-classifier.ts";
import type { Classify, Verdict } from "../../classify/verdict.ts";
import type { Policy } from "../../policy/policy.ts";
import type { HumanTurn, RouteRequest } from "../../request/route-request.ts";
import { type LoggedDecision, stepOf } from "./logged-decision.ts";
import { featuresOf, textOf } from "./logged-request.ts";

/** What a score was told from: the log, the stored text, the features alone (words count nothing then), or nothing as none was needed. */
export type ScoredBy = "log" | "text" | "features" | "none";

/** A score of the newest human turn, or why there is none. */
export type LoggedScore =
  | { readonly ok: true; readonly verdict: Verdict; readonly by: ScoredBy }
  | { readonly ok: false; readonly why: string };

/** Scores the newest human turn of a row as a policy's classifier would. */
export type ScoreLogged = (row: LoggedDecision, request: RouteRequest, turn: HumanTurn) => LoggedScore;

/** Makes what scores rows for a policy. No LLM is asked: what one said before is taken from the log. */
export function createLoggedScorer(policy: Policy, { classify, revision }: ChosenClassifier): ScoreLogged {
  const { strategy } = policy.classifier;
  const scoreFeatures = featureScorerOf(policy);
  const asksLlm = strategy === "llm" || strategy === "cascade";

  /** Whether the logged score is what this classifier says. */
  function isSame(row: LoggedDecision): boolean {
    if (row.policy_revision === policy.revision) return true;
    if (row.strategy === "llm") return asksLlm;
    return (
      row.strategy === "ml" && scoreFeatures !== null && row.classifier_revision.split("+")[0] === revision
    );
  }

  return (row, request, turn) => {
    const logged = verdictOf(row);
    if (logged !== null && isSame(row)) return { ok: true, verdict: logged, by: "log" };
    return strategy === "llm" ? NO_LLM : scoreAgain(row, { request, turn, classify, scoreFeatures });
  };
}

interface Again {
  readonly request: RouteRequest;
  readonly turn: HumanTurn;
  readonly classify: Classify;
  /** null where no trained classifier decides. */
  readonly scoreFeatures: ScoreFeatures | null;
}

/** By features and words, else by the text, else by keywords that were weighed by other settings. */
function scoreAgain(row: LoggedDecision, { request, turn, classify, scoreFeatures }: Again): LoggedScore {
  const isStored = textOf(row) !== null;
  const numbers = featuresOf(row);
  if (scoreFeatures !== null && numbers !== null) {
    const words = isStored ? readFeatures(request, turn).words : NO_WORDS;
    return {
      ok: true,
      verdict: trained(scoreFeatures({ numbers, words }, isStored ? { request, turn } : null)),
      by: isStored ? "text" : "features",
    };
  }
  if (isStored) return { ok: true, verdict: classify(request, turn), by: "text" };
  return scoreFeatures === null ? scoredByKeywords(row) : NO_SCORE;
}

const NO_SCORE = { ok: false, why: "neither its text nor a score of this classifier is stored" } as const;
const NO_LLM = { ok: false, why: "the policy asks an LLM, which is not asked again" } as const;

const NO_WORDS = new Int32Array();

const trained = (score: number): Verdict => ({ strategy: "ml", score, confidence: null, signals: () => [] });

function scoredByKeywords(row: LoggedDecision): LoggedScore {
  const verdict = row.strategy === "static" ? verdictOf(row) : null;
  return verdict === null ? NO_SCORE : { ok: true, verdict, by: "log" };
}

/** null where no trained classifier decides. */
function featureScorerOf({ classifier: { strategy, ml } }: Policy) {
  const isTrained = strategy === "ml" || strategy === "cascade";
  return isTrained && ml.loaded !== null ? createFeatureScorer(ml.loaded.artifact) : null;
}

function verdictOf(row: LoggedDecision): Verdict | null {
  const { strategy, score, confidence } = row;
  if (strategy === null || score === null) return null;
  return { strategy, score, confidence, signals: () => stepOf(row, "classify")?.signals ?? [] };
}

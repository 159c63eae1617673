import type { Candidate, Decision, TraceStep } from "../decide/decision.ts";
import type { Veil } from "./veil.ts";

/** A model of the column `candidates`. */
export interface CandidateColumn {
  readonly model: string;
  readonly tier: string | null;
  readonly eligible: boolean;
  readonly refusal: string | null;
  readonly estimated_cost_usd: number | null;
  /** Left out where it is as much. */
  readonly ask_cost_usd?: number;
  /** Left out where none was measured. */
  readonly latency_ms?: number;
}

/** A model that routing chose is one of the configuration; one served as asked is the client's own word. */
export function veilModel(model: string, { requestedModel }: Decision, veil: Veil): string {
  return model === requestedModel ? veil.name(model) : model;
}

/** The models that were looked at, in the order of the ladder. */
export function veilCandidates(decision: Decision, veil: Veil): CandidateColumn[] {
  const looked = decision.trace.find((step) => step.step === "candidates");
  const candidates = looked?.candidates ?? decision.candidates.map(asServed);
  return candidates.map((candidate) => ({
    model: veilModel(candidate.model, decision, veil),
    tier: candidate.tier,
    eligible: candidate.eligible,
    refusal: candidate.refusal === null ? null : veil.sentence(candidate.refusal),
    estimated_cost_usd: candidate.estimatedCostUsd,
    ...(candidate.askCostUsd !== undefined && { ask_cost_usd: candidate.askCostUsd }),
    ...(candidate.latencyMs !== undefined && { latency_ms: Math.round(candidate.latencyMs) }),
  }));
}

function asServed(model: string): Candidate {
  return { model, tier: null, eligible: true, refusal: null, estimatedCostUsd: null };
}

/** A step as it is stored: the models that were looked at have a column of their own. */
export type StoredStep =
  | Exclude<TraceStep, { step: "candidates" }>
  | Omit<Extract<TraceStep, { step: "candidates" }>, "candidates">;

/** The steps of a decision without what a client could have written into them. */
export function veilTrace(decision: Decision, veil: Veil): StoredStep[] {
  return decision.trace.map((step) => veilStep(step, veil));
}

/** Only these steps can quote the request; the others are made of the configuration's own words. */
function veilStep(step: TraceStep, veil: Veil): StoredStep {
  switch (step.step) {
    case "read": {
      if (step.notes.length === 0) return step;
      const notes = step.notes.map(({ path, note }) => ({ path: veil.text(path), note: veil.text(note) }));
      return { ...step, notes: notes.filter(isWritten) };
    }
    case "resolve":
      return { ...step, requested: veil.name(step.requested), because: veil.sentence(step.because) };
    case "response":
      return { ...step, refusal: step.refusal === null ? null : veil.sentence(step.refusal) };
    case "candidates":
      return { step: step.step, pick: step.pick, ...(step.draw !== undefined && { draw: step.draw }) };
    case "loop":
    case "tier":
      return { ...step, because: veil.sentence(step.because) };
    case "classify": {
      const signals = step.signals.map((signal) => ({ ...signal, found: veil.found(signal.found) }));
      return { ...step, signals };
    }
    case "kind":
    case "moment":
    case "ask":
    case "overrides":
    case "rules":
    case "llm":
    case "conversation":
    case "cache":
    case "explore":
    case "rollout":
    case "raise":
    case "output":
    case "mode":
      return step;
    default:
      return step satisfies never;
  }
}

function isWritten(note: {
  path: string | null;
  note: string | null;
}): note is { path: string; note: string } {
  return note.path !== null && note.note !== null;
}

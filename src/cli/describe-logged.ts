import type { Candidate } from "../decide/decision.ts";
import type { Told } from "../explain/flip-words.ts";
import type { LoggedDecision } from "../explain/logged/logged-decision.ts";
import { toTraceStep } from "../explain/logged/stored-step.ts";
import type { FoundDecision } from "../log/queries/find-decision.ts";
import type { Policy } from "../policy/policy.ts";
import { describeSteps } from "./describe-decision.ts";
import { line } from "./labelled-line.ts";

/** Writes a logged decision for people: what was decided, the steps, and what came of it. */
export function describeLogged(row: LoggedDecision, found: FoundDecision): string {
  const { original_model: asked, resolved_model: model } = row;
  const steps = (row.trace ?? []).map((step) => toTraceStep(step, candidatesOf(row)));
  return [
    line("decision", `${row.id} of ${row.timestamp.toISOString()}`),
    line("model", asked === model ? model : `${asked} -> ${model}`),
    line("tier", row.tier ?? "-"),
    line("method", row.method),
    line("score", row.score === null ? "-" : row.score.toFixed(1)),
    line("reason", row.reason),
    line("policy", `revision ${row.policy_revision}, classifier ${row.classifier_revision}`),
    "",
    "steps",
    ...(steps.length === 0 ? ["  none are stored"] : describeSteps(steps)),
    "",
    "what came of it",
    ...describeOutcome(found.outcome),
    ...found.feedback.map(describeFeedback),
    ...found.labels.map(({ source, value, tier }) => line("  label", `${source} ${shown(tier ?? value)}`)),
  ].join("\n");
}

/** What an explanation of a logged decision is told with. */
export function toldOfLogged({ score, candidates }: LoggedDecision, { tiers }: Policy): Told {
  const refusals = (candidates ?? []).flatMap(({ model, refusal }) =>
    refusal === null ? [] : [[model, refusal] as const],
  );
  return { score, tiers, refusals: new Map(refusals) };
}

function candidatesOf({ candidates }: LoggedDecision): Candidate[] {
  return (candidates ?? []).map(
    ({ model, tier, refusal, estimated_cost_usd: estimatedCostUsd, latency_ms: latencyMs }) => {
      const latency = latencyMs === undefined ? {} : { latencyMs };
      return { model, tier, eligible: refusal === null, refusal, estimatedCostUsd, ...latency };
    },
  );
}

function describeOutcome(outcome: FoundDecision["outcome"]): string[] {
  if (outcome === null) return [line("  outcome", "none was reported")];
  const { status, error_class, served_by, cost_usd, latency_ms, prompt_tokens, completion_tokens } = outcome;
  const failure = error_class == null ? "" : ` (${shown(error_class)})`;
  const figures = [
    served_by == null ? null : `by ${shown(served_by)}`,
    cost_usd == null ? null : `$${withoutNoise(Number(cost_usd))}`,
    latency_ms == null ? null : `${Math.round(Number(latency_ms))} ms`,
    prompt_tokens == null ? null : `${shown(prompt_tokens)} + ${shown(completion_tokens)} tokens`,
  ];
  return [
    line(
      "  outcome",
      [`${shown(status)}${failure}`, ...figures.filter((figure) => figure !== null)].join(", "),
    ),
  ];
}

function describeFeedback({ rating, expected_tier, comment }: FoundDecision["feedback"][number]): string {
  const expected = expected_tier == null ? "" : `, expected ${shown(expected_tier)}`;
  const words = comment == null || comment === "" ? "" : `: ${shown(comment)}`;
  return line("  feedback", `${shown(rating)}${expected}${words}`);
}

/** A sum of prices has digits that binary fractions added. */
function withoutNoise(usd: number): string {
  return usd.toFixed(10).replace(/\.?0+$/, "");
}

function shown(value: unknown): string {
  return String(value ?? "-");
}

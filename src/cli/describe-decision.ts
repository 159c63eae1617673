import type { Candidate, Decision, TraceStep } from "../decide/decision.ts";
import { line } from "./labelled-line.ts";

/** Writes a decision and its steps for people. */
export function describeDecision(decision: Decision): string {
  const head = [
    line("model", decision.rewrite ? `${decision.requestedModel} -> ${decision.model}` : decision.model),
    line("tier", decision.tier ?? "-"),
    line("method", decision.method),
    line("score", decision.score === null ? "-" : decision.score.toFixed(1)),
    line("reason", decision.reason),
  ];
  return [...head, "", "steps", ...describeSteps(decision.trace)].join("\n");
}

/** Writes steps in their order, a line or more each. */
export function describeSteps(steps: readonly TraceStep[]): string[] {
  return steps.flatMap(describeStep);
}

function describeStep(step: TraceStep): string[] {
  switch (step.step) {
    case "read":
      return [
        line("  read", `${step.wire} format`),
        ...step.notes.map(({ path, note }) => line("", `${path}: ${note}`)),
      ];
    case "kind":
      return [
        line("  kind", step.language === null ? step.category : `${step.category}, in ${step.language}`),
      ];
    case "resolve":
      return [line("  name", [step.because, ...step.via].join(" -> "))];
    case "moment":
      return [line("  moment", `of ${step.at}, when this tool loop began`)];
    case "ask":
      return [line("  ask", `about ${step.inputTokens} tokens up to the human turn, by which all is chosen`)];
    case "overrides":
      return [
        ...step.taken.map((header) => line("  header", header)),
        ...step.ignored.map((words) => line("  header", `ignored ${words}`)),
      ];
    case "rules":
      return describeRules(step);
    case "classify":
      return [
        line("  classify", `${step.strategy} says ${step.score.toFixed(1)}`),
        ...step.signals.map(describeSignal),
      ];
    case "llm":
      return [line("  llm", step.words)];
    case "conversation":
      return [line("  turns", `${step.turns.map((tier) => tier ?? "no signal").join(", ")} (newest first)`)];
    case "cache":
      return [line("  cache", describeCache(step))];
    case "raise":
      return [line("  raise", `${step.from} to ${step.to} by ${step.found}`)];
    case "explore":
      return [
        line("  explore", `${step.from} -> ${step.to}, ${drawn(step.draw)}`),
        line("", `chance of the model ${step.propensity.toFixed(4)}`),
      ];
    case "rollout":
      return [line("  rollout", `in the group ${step.group}, at ${step.percent} %, ${drawn(step.draw)}`)];
    case "tier":
      return [line("  tier", step.tier)];
    case "candidates":
      return describeCandidates(step);
    case "response":
      return [line("  response", describeWriter(step))];
    case "loop":
      return [line("  loop", `${step.from} -> ${step.to}: ${step.because}`)];
    case "output":
      return [
        line("  output", `${step.asked} tokens asked for, ${step.model} answers with ${step.limit}: lowered`),
      ];
    case "mode":
      return [line("  mode", `${step.mode}${step.rewrite ? "" : ", model left as it is"}`)];
    default:
      return step satisfies never;
  }
}

/** Of 1: the lot of a conversation, the same in the service. */
function drawn(draw: number): string {
  return `drawn ${draw.toFixed(4)}`;
}

function describeRules({ matched, near }: Extract<TraceStep, { readonly step: "rules" }>): string[] {
  return [
    line("  rules", matched.length === 0 ? "none matched" : matched.join(", ")),
    ...near.map(({ rule, failed }) => line("", `${rule} would have matched, but for ${failed}`)),
  ];
}

function describeWriter({ model, refusal }: Extract<TraceStep, { step: "response" }>): string {
  return `of ${model}, which ${refusal === null ? "goes on" : `does not go on: ${refusal}`}`;
}

function describeCache(step: Extract<TraceStep, { step: "cache" }>): string {
  const { from, to, calls, savingUsd, rereadUsd, held } = step;
  const figures = `${calls} calls save about ${usdInWords(savingUsd)}, to read the prompt anew costs ${usdInWords(rereadUsd)}`;
  return `${held ? `held in ${from}` : `down from ${from} to ${to}`}: ${figures}`;
}

function describeSignal(signal: {
  readonly name: string;
  readonly raw: number;
  readonly contribution: number;
  readonly found: string;
}): string {
  const points = `${signal.contribution >= 0 ? "+" : ""}${signal.contribution.toFixed(1)}`.padStart(6);
  return line("", `${points}  ${signal.name} ${signal.raw.toFixed(0)}: ${signal.found}`);
}

function describeCandidates({
  pick,
  draw,
  candidates,
}: Extract<TraceStep, { step: "candidates" }>): string[] {
  const isDrawn = pick === "weighted" && draw !== undefined;
  const picked = `picked by ${pick}${isDrawn ? `, ${drawn(draw)}` : ""}`;
  return [line("  candidates", picked), ...candidates.map(describeCandidate)];
}

function describeCandidate({ model, tier, refusal, estimatedCostUsd, latencyMs }: Candidate): string {
  const cost = estimatedCostUsd === null ? "" : `, ${costInWords(estimatedCostUsd)}`;
  const latency = latencyMs === undefined ? "" : `, ${Math.round(latencyMs)} ms lately`;
  const words =
    refusal === null
      ? `${model}${tier === null ? "" : ` (${tier})`}${cost}${latency}`
      : `${model} refused: ${refusal}`;
  return line("", words);
}

function costInWords(costUsd: number): string {
  return costUsd === 0 ? "free" : `about ${usdInWords(costUsd)}`;
}

/** Two digits tell enough of an estimate; what is nothing has none. */
function usdInWords(usd: number): string {
  return usd === 0 ? "$0" : `$${usd.toPrecision(2)}`;
}

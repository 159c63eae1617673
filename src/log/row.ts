import type { Candidate, DecisionRecord, TraceStep } from "../decide/decision.ts";
import { headOf } from "./cut-text.ts";
import { countText } from "./text-figures.ts";
import { createVeil, keyedHash, type Privacy, type Veil } from "./veil.ts";

/** A model of the column `candidates`. */
export interface CandidateColumn {
  readonly model: string;
  readonly tier: string | null;
  readonly eligible: boolean;
  readonly refusal: string | null;
  readonly estimated_cost_usd: number | null;
}

/** A row of routing_logs, ready to be written as JSON; every number is in its column's range. */
export interface LogRow {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly timestamp: string;
  readonly user_text: string | null;
  readonly system_prompt: string | null;
  readonly system_prompt_hash: string | null;
  readonly token_count: number;
  readonly conversation_turns: number;
  readonly code_block_count: number;
  readonly code_lines: number;
  readonly has_error_trace: boolean;
  readonly tool_count: number;
  readonly tier: string | null;
  readonly strategy: string | null;
  readonly score: number | null;
  readonly original_model: string;
  readonly resolved_model: string;
  readonly method: string;
  readonly confidence: number | null;
  readonly reason: string;
  readonly pick: string;
  readonly candidates: readonly CandidateColumn[];
  readonly propensity: number;
  readonly policy_revision: string;
  readonly classifier_revision: string;
  readonly mode: string;
  readonly trace: readonly TraceStep[];
  readonly call_type: string | null;
  readonly litellm_call_id: string | null;
  readonly key_hash: string | null;
  readonly team_id: string | null;
  readonly user_id: string | null;
  readonly end_user_id: string | null;
  readonly tags: readonly string[];
  readonly conversation_id: string | null;
  readonly turn: number;
  readonly input_tokens_estimate: number;
  readonly estimated_cost_usd: number | null;
  readonly baseline_model: string | null;
  readonly decide_us: number;
  readonly redactions: number;
}

type Request = DecisionRecord["request"];

/** Most characters of the system text that are stored; its hash is over the whole. */
const MAX_SYSTEM_CHARS = 1_000;
const MAX_INT32 = 2 ** 31 - 1;
/** What is masked of the system text to keep the first 1,000 characters: a secret at the cut stays whole. */
const MASKED_SYSTEM_CHARS = 4 * MAX_SYSTEM_CHARS;
/** LiteLLM's own call types and ids have these forms; anything else is a client's own word. */
const CALL_TYPE = /^[a-z_]{1,40}$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Characters of a token in Latin prose and code, and further tokens for each UTF-8 byte beyond one a character. */
const CHARS_PER_TOKEN = 4;
const TOKENS_PER_EXTRA_BYTE = 0.3;

/** Makes the row of a decision. Pure and total; what it costs is linear in the length of the texts. */
export function toRow(record: DecisionRecord, privacy: Privacy): LogRow {
  const { request, decision } = record;
  const veil = createVeil(privacy, freeFormOf(request));
  return {
    id: record.id,
    timestamp: record.at.toISOString(),
    ...textColumns(request, veil, privacy),
    ...decisionColumns(record, veil),
    ...callerColumns(request, veil),
    conversation_turns: toInt(request.facts.humanTurns),
    turn: toInt(request.facts.humanTurns),
    tool_count: toInt(request.facts.toolNames.length),
    input_tokens_estimate: toInt(decision.inputTokens),
    decide_us: toInt(record.decideUs),
    redactions: toInt(veil.redactions()),
  };
}

/** Names that the client made up and that reasons and traces may quote. */
function freeFormOf({ requestedModel, facts }: Request): string[] {
  return [requestedModel, facts.signedThinkingBy ?? "", facts.previousResponseBy ?? ""];
}

function textColumns(request: Request, veil: Veil, { hashKey }: Privacy) {
  const { systemText, turns, otherTexts } = request;
  const newest = turns.at(-1);
  const figures = countText([systemText, ...turns.map(({ text }) => text), ...otherTexts]);
  return {
    user_text: veil.text(newest?.text ?? ""),
    system_prompt: systemStart(systemText, veil),
    system_prompt_hash: systemText === "" ? null : keyedHash(systemText, hashKey),
    token_count: newest === undefined ? 0 : toInt(estimateTokens(newest.text, newest.chars)),
    code_block_count: toInt(figures.codeBlockCount),
    code_lines: toInt(figures.codeLines),
    has_error_trace: figures.hasErrorTrace,
  };
}

function systemStart(systemText: string, veil: Veil): string | null {
  const start = veil.text(headOf(systemText, MASKED_SYSTEM_CHARS));
  return start === null ? null : headOf(start, MAX_SYSTEM_CHARS);
}

/** @param chars length of the text before the callback cut it. */
function estimateTokens(text: string, chars: number): number {
  if (text.length === 0) return 0;
  const extraBytes = Buffer.byteLength(text) - text.length;
  const tokens = text.length / CHARS_PER_TOKEN + extraBytes * TOKENS_PER_EXTRA_BYTE;
  return Math.ceil(tokens * Math.max(1, chars / text.length));
}

function decisionColumns({ decision, classifierRevision }: DecisionRecord, veil: Veil) {
  const names = { original_model: decision.requestedModel, resolved_model: decision.model };
  return {
    original_model: veil.name(names.original_model),
    resolved_model: resolvedName(names, veil),
    tier: decision.tier,
    strategy: decision.strategy,
    score: finiteOrNull(decision.score),
    method: decision.method,
    confidence: finiteOrNull(decision.confidence),
    reason: veil.sentence(decision.reason),
    pick: decision.pick,
    candidates: candidatesOf(decision, veil),
    propensity: finiteOrNull(decision.propensity) ?? 1,
    policy_revision: decision.policyRevision,
    classifier_revision: classifierRevision,
    mode: decision.mode,
    trace: decision.trace.map((step) => veilStep(step, veil)),
    estimated_cost_usd: finiteOrNull(decision.estimatedCostUsd),
    baseline_model: decision.baselineModel,
  };
}

/** A model that routing chose is one of the configuration; one served as asked is the client's own word. */
function resolvedName(names: { original_model: string; resolved_model: string }, veil: Veil): string {
  const { original_model, resolved_model } = names;
  return resolved_model === original_model ? veil.name(resolved_model) : resolved_model;
}

function candidatesOf(decision: DecisionRecord["decision"], veil: Veil): CandidateColumn[] {
  const looked = decision.trace.find((step) => step.step === "candidates");
  const candidates = looked?.candidates ?? decision.candidates.map(asServed);
  return candidates.map((candidate) => ({
    model: resolvedName({ original_model: decision.requestedModel, resolved_model: candidate.model }, veil),
    tier: candidate.tier,
    eligible: candidate.eligible,
    refusal: candidate.refusal === null ? null : veil.sentence(candidate.refusal),
    estimated_cost_usd: candidate.estimatedCostUsd,
  }));
}

function asServed(model: string): Candidate {
  return { model, tier: null, eligible: true, refusal: null, estimatedCostUsd: null };
}

/** Only these steps can quote the request; the others are made of the configuration's own words. */
function veilStep(step: TraceStep, veil: Veil): TraceStep {
  switch (step.step) {
    case "read": {
      const notes = step.notes.map(({ path, note }) => ({ path: veil.text(path), note: veil.text(note) }));
      return { ...step, notes: notes.filter(isWritten) };
    }
    case "resolve":
      return { ...step, requested: veil.name(step.requested), because: veil.sentence(step.because) };
    case "candidates": {
      const veiled = step.candidates.map((candidate) => veilRefusal(candidate, veil));
      return { ...step, candidates: veiled };
    }
    case "tier":
      return { ...step, because: veil.sentence(step.because) };
    case "classify": {
      const signals = step.signals.map((signal) => ({ ...signal, found: veil.found(signal.found) }));
      return { ...step, signals };
    }
    case "conversation":
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

function veilRefusal(candidate: Candidate, veil: Veil): Candidate {
  return candidate.refusal === null ? candidate : { ...candidate, refusal: veil.sentence(candidate.refusal) };
}

function callerColumns({ caller, callType, callId, sessionId, facts, tags }: Request, veil: Veil) {
  const conversation = sessionId ?? facts.conversationHash;
  return {
    call_type: idOf(callType, CALL_TYPE, veil),
    litellm_call_id: idOf(callId, UUID, veil),
    key_hash: caller.keyHash,
    team_id: caller.teamId,
    user_id: caller.userId,
    // LiteLLM takes it from the client's own request.
    end_user_id: caller.endUserId === null ? null : veil.id(caller.endUserId),
    tags: tags.map((tag) => veil.name(tag)),
    conversation_id: conversation === null ? null : veil.id(conversation),
  };
}

function idOf(value: string | null, ownForm: RegExp, veil: Veil): string | null {
  if (value === null || ownForm.test(value)) return value;
  return veil.id(value);
}

/** JSON and the columns know no NaN and no infinity. */
function finiteOrNull(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}

/** A figure of the client's may be anything; the column is a 32-bit integer. */
function toInt(value: number): number {
  return Number.isNaN(value) ? 0 : Math.round(Math.min(MAX_INT32, Math.max(0, value)));
}

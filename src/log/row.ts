import type { DecisionRecord } from "../decide/decision.ts";
import { toArrayText } from "./array-text.ts";
import { headOf } from "./cut-text.ts";
import { keyedHash } from "./keyed-hash.ts";
import { countText, type TextFigures } from "./text-figures.ts";
import { createVeil, type Privacy, type Veil } from "./veil.ts";
import {
  type CandidateColumn,
  type StoredStep,
  veilCandidates,
  veilModel,
  veilTrace,
} from "./veil-decision.ts";

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
  readonly rollout: string | null;
  readonly explored_from: string | null;
  readonly category: string | null;
  readonly language: string | null;
  readonly trace: readonly StoredStep[];
  /** As PostgreSQL writes an array: it reads that in two thirds of the time that a JSON array takes. */
  readonly features: string | null;
  readonly feature_version: string | null;
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
  readonly classifier_cost_usd: number | null;
  readonly decide_us: number;
  readonly redactions: number;
}

type Request = DecisionRecord["request"];

/** Most characters of the system text that are stored; its hash is over the whole. */
const MAX_SYSTEM_CHARS = 1_000;
/** What the index of the key carries along must fit into it together: 2,704 bytes. */
const MAX_ID_BYTES = 256;
const MAX_NAME_BYTES = 384;
/** UTF-8 takes at most so many bytes for a UTF-16 code unit. */
const MAX_BYTES_PER_UNIT = 3;
const MAX_INT32 = 2 ** 31 - 1;
/** LiteLLM's own call types and ids have these forms; anything else is a client's own word. */
const CALL_TYPE = /^[a-z_]{1,40}$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Characters of a token in Latin prose and code, and further tokens for each UTF-8 byte beyond one a character. */
const CHARS_PER_TOKEN = 4;
const TOKENS_PER_EXTRA_BYTE = 0.3;

/** Makes the row of a decision. Pure and total; what it costs is linear in the length of the texts. */
export function toRow(record: DecisionRecord, privacy: Privacy): LogRow {
  const { request, decision } = record;
  const { caller, facts } = request;
  const veil = createVeil(privacy, freeFormOf(request));
  const newest = request.turns.at(-1);
  const figures = figuresOf(request);
  // One literal: objects put together by spreading take several times as long to make and to write.
  return {
    id: record.id,
    timestamp: record.at.toISOString(),
    user_text: veil.text(newest?.text ?? ""),
    system_prompt: veil.start(request.systemText, MAX_SYSTEM_CHARS),
    system_prompt_hash: request.systemText === "" ? null : keyedHash(request.systemText, privacy.hashKey),
    token_count: newest === undefined ? 0 : toInt(estimateTokens(newest.text, newest.chars)),
    conversation_turns: toInt(facts.humanTurns),
    code_block_count: toInt(figures.codeBlockCount),
    code_lines: toInt(figures.codeLines),
    has_error_trace: figures.hasErrorTrace,
    tool_count: toInt(facts.toolNames.length),
    tier: decision.tier,
    strategy: decision.strategy,
    score: finiteOrNull(decision.score),
    original_model: shortName(veil.name(decision.requestedModel)),
    resolved_model: shortName(veilModel(decision.model, decision, veil)),
    method: decision.method,
    confidence: finiteOrNull(decision.confidence),
    reason: veil.sentence(decision.reason),
    pick: decision.pick,
    candidates: veilCandidates(decision, veil),
    propensity: finiteOrNull(decision.propensity) ?? 1,
    policy_revision: decision.policyRevision,
    classifier_revision: record.classifierRevision,
    mode: decision.mode,
    rollout: decision.rollout,
    explored_from: decision.exploredFrom,
    category: decision.category,
    language: decision.language,
    trace: veilTrace(decision, veil),
    // They have three decimals at most, and a row is shorter without the digits that single precision adds to them.
    features: record.features === null ? null : toArrayText(record.features.numbers),
    feature_version: record.features?.version ?? null,
    call_type: idOf(request.callType, CALL_TYPE, veil),
    litellm_call_id: idOf(request.callId, UUID, veil),
    key_hash: shortId(caller.keyHash, privacy),
    team_id: shortId(caller.teamId, privacy),
    user_id: shortId(caller.userId, privacy),
    // LiteLLM takes it from the client's own request.
    end_user_id: caller.endUserId === null ? null : idOfClient(caller.endUserId, veil, privacy),
    tags: request.tags.map((tag) => veil.name(tag)),
    conversation_id: conversationOf(request, veil, privacy),
    turn: toInt(facts.humanTurns),
    input_tokens_estimate: toInt(decision.inputTokens),
    estimated_cost_usd: finiteOrNull(decision.estimatedCostUsd),
    baseline_model: decision.baselineModel,
    classifier_cost_usd: finiteOrNull(decision.classifierCostUsd),
    decide_us: toInt(record.decideUs),
    redactions: toInt(veil.redactions()),
  };
}

/** Names that the client made up and that reasons and traces may quote. */
function freeFormOf({ requestedModel, facts }: Request): string[] {
  return [requestedModel, facts.signedThinkingBy ?? "", facts.previousResponseBy ?? ""];
}

function figuresOf({ systemText, turns, otherTexts }: Request): TextFigures {
  return countText([systemText, ...turns.map(({ text }) => text), ...otherTexts]);
}

/** @param chars length of the text before the callback cut it. */
function estimateTokens(text: string, chars: number): number {
  if (text.length === 0) return 0;
  const extraBytes = Buffer.byteLength(text) - text.length;
  const tokens = text.length / CHARS_PER_TOKEN + extraBytes * TOKENS_PER_EXTRA_BYTE;
  return Math.ceil(tokens * Math.max(1, chars / text.length));
}

function conversationOf({ sessionId, facts }: Request, veil: Veil, privacy: Privacy): string | null {
  const conversation = sessionId ?? facts.conversationHash;
  return conversation === null ? null : idOfClient(conversation, veil, privacy);
}

/** Rows are found by it through an index, which takes no long ones: those are stored as their hash. */
function idOfClient(id: string, veil: Veil, { hashKey }: Privacy): string {
  return fits(id, MAX_ID_BYTES) ? veil.id(id) : keyedHash(id, hashKey);
}

function shortId(id: string | null, { hashKey }: Privacy): string | null {
  return id === null || fits(id, MAX_ID_BYTES) ? id : keyedHash(id, hashKey);
}

/** No model has a name of such length: it is a client's own word, and its beginning tells what it was. */
function shortName(name: string): string {
  return fits(name, MAX_NAME_BYTES) ? name : headOf(name, MAX_NAME_BYTES / MAX_BYTES_PER_UNIT);
}

function fits(text: string, maxBytes: number): boolean {
  return text.length * MAX_BYTES_PER_UNIT <= maxBytes || Buffer.byteLength(text) <= maxBytes;
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

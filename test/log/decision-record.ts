import type { Decision, DecisionRecord } from "../../src/decide/decision.ts";
import { createUuid7 } from "../../src/log/uuid7.ts";

const newId = createUuid7({ now: Date.now, random: Math.random });

/** What a test wants to be different from an everyday record. */
export interface RecordChanges {
  readonly id?: string;
  readonly at?: Date;
  /** The newest human turn. */
  readonly text?: string;
  readonly request?: Partial<DecisionRecord["request"]>;
  readonly facts?: Partial<DecisionRecord["request"]["facts"]>;
  readonly caller?: Partial<DecisionRecord["request"]["caller"]>;
  readonly decision?: Partial<Decision>;
  readonly features?: DecisionRecord["features"];
  readonly classifierRevision?: string;
}

/** A record of `auto`, routed to gpt-5-mini by its score. */
export function makeRecord(changes: RecordChanges = {}): DecisionRecord {
  const text = changes.text ?? "Why is the sky blue?";
  return {
    id: changes.id ?? newId(),
    at: changes.at ?? new Date(),
    request: { ...everydayRequest(text, changes), ...changes.request },
    decision: { ...everydayDecision(), ...changes.decision },
    features:
      changes.features === undefined
        ? { version: "1", numbers: Float32Array.of(20, 0.7, 0.05) }
        : changes.features,
    classifierRevision: changes.classifierRevision ?? "static-1",
    decideUs: 31.4,
  };
}

function everydayRequest(text: string, changes: RecordChanges): DecisionRecord["request"] {
  const caller = { keyHash: "key-1", keyAlias: null, teamId: "team-1", userId: "user-1", endUserId: null };
  return {
    requestedModel: "auto",
    wire: "chat",
    callType: "acompletion",
    callId: "0b9f8a0e-6d0b-4d2f-9a53-3f1f0a7f0001",
    known: true,
    systemText: "You are a helpful assistant.",
    harnessText: "",
    turns: [{ text, chars: text.length }],
    otherTexts: [],
    endsInToolResult: false,
    maxOutputTokens: null,
    structuredOutput: false,
    facts: {
      chars: text.length,
      utf8Bytes: Buffer.byteLength(text),
      humanTurns: 1,
      messages: 2,
      asks: [],
      images: 0,
      fileChars: 0,
      toolNames: [],
      toolSchemaChars: 0,
      toolText: "",
      signedThinkingBy: null,
      previousResponseBy: null,
      previousResponseModel: null,
      conversationHash: "c0ffee",
      ...changes.facts,
    },
    caller: { ...caller, budgetUsedRatio: null, ...changes.caller },
    sessionId: null,
    tags: ["production"],
    headers: {},
    notes: [],
  };
}

function everydayDecision(): Decision {
  const candidate = { model: "gpt-5-mini", tier: "medium", eligible: true, refusal: null };
  return {
    requestedModel: "auto",
    virtual: true,
    model: "gpt-5-mini",
    candidates: ["gpt-5-mini", "claude-opus"],
    rewrite: true,
    tier: "medium",
    method: "auto",
    strategy: "static",
    score: 47.3,
    confidence: null,
    pick: "first",
    reason: "score 47.3 is in medium (31-65)",
    mode: "enforce",
    access: "strict",
    policyRevision: "9f2c",
    inputTokens: 512,
    estimatedCostUsd: 0.00125,
    classifierCostUsd: null,
    baselineModel: "claude-opus",
    propensity: 1,
    exploredFrom: null,
    category: "code",
    language: "en",
    rollout: null,
    maxOutputTokens: {},
    trace: [
      { step: "read", wire: "chat", notes: [] },
      {
        step: "resolve",
        requested: "auto",
        as: "auto",
        because: '"auto" is an alias of auto_route',
        via: [],
      },
      { step: "candidates", pick: "first", candidates: [{ ...candidate, estimatedCostUsd: 0.00125 }] },
      { step: "mode", mode: "enforce", rewrite: true },
    ],
  };
}

/** The trace of an everyday record as it is stored: the candidates have their column. */
export const storedTrace = everydayDecision().trace.map((step) => {
  return step.step === "candidates" ? { step: step.step, pick: step.pick } : step;
});

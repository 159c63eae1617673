import { FEATURE_NAMES, FEATURE_VERSION } from "../../classify/features/feature-list.ts";
import { patternIn } from "../../decide/resolve.ts";
import type { Facts, HumanTurn, RouteRequest } from "../../request/route-request.ts";
import { type LoggedDecision, stepOf } from "./logged-decision.ts";

/** Characters of a token, where the size of a request has to be told from its tokens. */
const CHARS_PER_TOKEN = 4;

/** The newest human turn, as it is stored; null where it is not. */
export function textOf(row: LoggedDecision): string | null {
  // A CSV file does not tell a text that was not stored from an empty one.
  return row.user_text === "" && (featureOf(row, "chars") ?? 0) > 0 ? null : row.user_text;
}

/** Numbers that were read of the newest human turn; null where they are of another version, or not there. */
export function featuresOf({ features, feature_version }: LoggedDecision): Float32Array | null {
  if (features === null || feature_version !== FEATURE_VERSION) return null;
  return features.length === FEATURE_NAMES.length ? Float32Array.from(features, (value) => value ?? 0) : null;
}

/** One of these numbers by its name; null where it is not known. */
export function featureOf(row: LoggedDecision, name: string): number | null {
  if (row.features === null || row.feature_version !== FEATURE_VERSION) return null;
  return row.features[FEATURE_NAMES.indexOf(name)] ?? null;
}

/**
 * The request of a row, as far as the row tells: size, tools, images, caller and tags. Headers, the names of tools, the
 * client's limit of output and what was said before the newest turn are not in it.
 *
 * @param turns human turns, the newest last.
 */
export function requestOf(row: LoggedDecision, turns: readonly HumanTurn[]): RouteRequest {
  const asked = stepOf(row, "ask");
  return {
    requestedModel: patternOf(row) ?? row.original_model,
    wire: "chat",
    callType: row.call_type,
    callId: null,
    known: row.method === "passthrough",
    systemText: row.system_prompt ?? "",
    harnessText: "",
    turns,
    otherTexts: [],
    endsInToolResult: featureOf(row, "ends_in_tool_result") === 1,
    maxOutputTokens: null,
    structuredOutput: featureOf(row, "structured_output") === 1,
    facts: factsOf(row),
    caller: {
      keyHash: null,
      keyAlias: null,
      teamId: row.team_id,
      userId: row.user_id,
      endUserId: null,
      budgetUsedRatio: null,
    },
    sessionId: null,
    tags: row.tags,
    headers: {},
    notes: [],
    inputTokens: row.input_tokens_estimate,
    ...(asked !== undefined && { askInputTokens: asked.inputTokens }),
  };
}

/** What `store_text: none` leaves of a name or a tag that is the client's own. */
const HASH = /^hmac:[0-9a-f]{32}$/;

/** Whether a name or a tag is logged as its hash. */
export function isHashed(name: string): boolean {
  return HASH.test(name);
}

/** The pattern that matched a name which is logged as its hash: it stands for the name. null where none did. */
export function patternOf(row: LoggedDecision): string | null {
  return isHashed(row.original_model) ? patternIn(stepOf(row, "resolve")?.because ?? "") : null;
}

/** Stands for the name of a tool, which is not logged. */
const UNNAMED_TOOL = "tool";

function factsOf(row: LoggedDecision): Facts {
  const chars = row.input_tokens_estimate * CHARS_PER_TOKEN;
  return {
    chars,
    utf8Bytes: chars,
    humanTurns: row.turn,
    messages: featureOf(row, "messages") ?? row.turn,
    asks: [],
    fileChars: 0,
    images: featureOf(row, "images") ?? 0,
    toolNames: Array.from({ length: row.tool_count }, () => UNNAMED_TOOL),
    toolText: "",
    toolSchemaChars: featureOf(row, "tool_schema_chars") ?? 0,
    signedThinkingBy: null,
    previousResponseBy: null,
    previousResponseModel: stepOf(row, "response")?.model ?? null,
    conversationHash: row.conversation_id,
  };
}

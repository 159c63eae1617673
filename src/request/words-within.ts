import { isSummary, trimBlanks } from "./harness.ts";

/** What opens and what closes an element. */
type Tags = readonly [opening: string, closing: string];

/** Begins what Cline and its like say in the user's voice: what a tool answered, or that the model called none. */
const TOOL_ANSWER = /^\[(?:[a-z_]+(?=[\] ])[\s\S]*?\] Result:|ERROR\] You did not use a tool)/;
/** Hold what the human said to that. */
const ANSWERS = ["answer", "feedback", "user_message"].map(bothTags);

/** Begins the tag in which Cline says in what mode the human wrote: plan or act. */
const MODE_OPENING = '<user_input mode="';

/** Within these Cursor, Copilot and Cline put what the human wrote. */
const ASKS: readonly Tags[] = [
  ["<user_query>", "</user_query>"],
  ["<userRequest>", "</userRequest>"],
  [MODE_OPENING, "</user_input>"],
  ['<user_command slash="', "</user_command>"],
];
/** The same of Cline and its like: words that a human may use too, and so only around all of a turn. */
const WHOLE_ASKS = ["task", "user_message", "feedback"].map(bothTags);

/** The heading that the human's words stand under where Codex runs in an editor, behind others. */
const IDE_REQUEST = "\n## My request for Codex:";

/** What Zed writes beside the human's words. */
const ATTACHED = "<context>\nThe following items were attached by the user.";
const ATTACHED_END = "\n</context>";

/** What the human asks for, in a summary of Claude Code's. */
const INTENT = "\n1. Primary Request and Intent:";
/** The next heading, or where the callback has cut the middle out. */
const INTENT_END = /\n(?:2\. |…\n)/;

/**
 * Whether a message in the user's role is what an agent's tool answered, and nothing that a human wrote. Such agents add
 * a harness block to each of their messages.
 *
 * @param text without harness blocks.
 * @param blocks that were taken out of it.
 */
export function isToolAnswer(text: string, blocks: readonly string[]): boolean {
  if (blocks.length === 0 || !TOOL_ANSWER.test(text)) return false;
  return !ANSWERS.some(([opening]) => text.includes(opening));
}

/**
 * The words of a human that a client put into a tag or under a heading of its own, the whole text where it did not: Cursor,
 * Copilot, Codex and Zed write beside it, Cline puts nothing else there but the tool that the human answered. Of a summary
 * that stands in place of a conversation: what the human asks for there.
 *
 * @param text without harness blocks.
 */
export function wordsWithin(text: string): string {
  return trimBlanks(underHeading(text) ?? withinTag(text) ?? "") || text;
}

/** The opening tag in which Cline says in what mode the human wrote, "" where there is none. */
export function modeTag(text: string): string {
  const start = text.indexOf(MODE_OPENING);
  return start === -1 ? "" : text.slice(start, text.indexOf(">", start) + 1);
}

function underHeading(text: string): string | null {
  const intent = isSummary(text) ? intentIn(text) : null;
  if (intent !== null) return intent;
  const start = text.startsWith("# ") ? text.indexOf(IDE_REQUEST) : -1;
  return start === -1 ? null : text.slice(start + IDE_REQUEST.length);
}

function intentIn(summary: string): string | null {
  const start = summary.indexOf(INTENT);
  const rest = start === -1 ? "" : summary.slice(start + INTENT.length);
  const end = rest.search(INTENT_END);
  return end === -1 ? null : rest.slice(0, end);
}

function withinTag(text: string): string | null {
  if (!text.includes("</")) return null;
  const around = TOOL_ANSWER.test(text) ? ANSWERS : ASKS;
  const inside = around.map((tags) => within(text, tags)).find((words) => words !== null);
  const whole = inside ?? WHOLE_ASKS.map((tags) => wholeWithin(text, tags)).find((words) => words !== null);
  return whole ?? withoutAttached(text);
}

/** From the end of the opening tag, which may have further attributes, to the last closing one. */
function within(text: string, [opening, closing]: Tags): string | null {
  const end = text.lastIndexOf(closing);
  const open = end === -1 ? -1 : text.indexOf(opening);
  const start = open === -1 ? -1 : text.indexOf(">", open);
  return start === -1 || end < start ? null : text.slice(start + 1, end);
}

function wholeWithin(text: string, tags: Tags): string | null {
  return text.startsWith(tags[0]) && text.endsWith(tags[1]) ? within(text, tags) : null;
}

function withoutAttached(text: string): string | null {
  const start = text.indexOf(ATTACHED);
  const end = start === -1 ? -1 : text.indexOf(ATTACHED_END, start);
  return end === -1 ? null : text.slice(0, start) + text.slice(end + ATTACHED_END.length);
}

function bothTags(tag: string): Tags {
  return [`<${tag}>`, `</${tag}>`];
}

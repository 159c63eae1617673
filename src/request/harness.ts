import { HARNESS_PHRASES, HARNESS_TAGS } from "./harness-tags.ts";

/**
 * Begins what Claude Code and Codex ask of the conversation's model in the user's voice, for themselves: a summary in place
 * of the conversation, what the user may say next, where things stand, the rest of an answer. And that summary, where Codex
 * puts it behind the user's words, and the files that Aider puts before them. Each as far as no human would write it.
 */
const CHORE =
  /[ \t\r\n]*(?:\[SUGGESTION MODE:|CRITICAL: Respond with TEXT ONLY\.[ -~]{23}\n+- Do NOT|The user stepped away and is coming back\. [RW]|Describe your most recent action in 3-5|Another language model started to solve this problem a|You are performing a CONTEXT CH|Your task is to create a detailed summary of (?:the (?:conversation so far, pay|RECENT)|this conversation\. This s)|Output token limit hit\. Resume directly|I have \*added these f|Here are (?:summaries of some files present in my git repository\.\nDo n|some READ ONLY files, provided f)|Don't try and edit any existing code without asking me|I switched to a new code base\. Please don't c)/y;

/**
 * Begins what a client says in the user's voice and asks nothing by: that a task in the background ended, that a hook lets the
 * model go on, what it did to the files, what a tool answered. Claude Code, OpenCode, OpenHands, Aider.
 */
const NOTE =
  /Stop hook feedback:|Read the output file to retrieve the r|\[SYSTEM NOTIFICATION - N|\[Image: (?:original|source:) [^\]\n]*\](?![^\n])|Attached image\(s\) from tool|Called the Read tool with the following i|<path>[^\n]*<\/path>\n<type>[fd]|Continue if you have next steps, o|EXECUTION RESULT of \[|Your last response did not include a func|Summarize the task tool output above and c|The following tool was executed by the u|# (?:Fix any errors below, if|[0-9]+ SEARCH\/REPLACE blocks? f)|I committed the changes with git hash \S+ &/y;

/**
 * Begins the message in which Codex says what AGENTS.md of the project does, or a note, or what a client asks for itself.
 * None of them stands behind words of a human.
 */
const HARNESS_START = new RegExp(
  `[ \\t\\r\\n]*(?:# AGENTS\\.md instruct[^\\n]*\\n\\n<(INSTRUCTIONS)>|${NOTE.source})|${CHORE.source}`,
  "y",
);

/**
 * Begins the summary that stands in place of a conversation which grew too long, as no human would write it: Claude Code,
 * Copilot, Gemini CLI.
 */
const SUMMARY =
  /^(?:This session is being continued from a previous conversation|<(conversation-summary|state_snapshot)>[\s\S]*<\/\1>$)/;

/** Begins one of Continue, Cline, Roo and Aider, which open the conversation: behind other turns it is a human's heading. */
const OPENING_SUMMARY =
  /^(?:Previous conversation summary:\n\n|Context summary:\n\n|## Conversation Summary\n|I spoke to you previously about a number of things\.\n)/;

/** Begins what Aider says behind turns that are examples of its own. */
const EXAMPLES_END = "I switched to a new code base. P";

/** Begins what Aider adds to the user's words, to the end: how the model is to write its edits. */
const EDIT_RULES =
  /(?<![^\n])(?:# (?:\*SEARCH\/REPLACE block\* Rules:\n\nEvery|File editing rules:\n\nReturn e|V4A Diff Format Rules:\n\nY)|To suggest changes to a file you MUST return the entire c)/g;

/** A text without any of these has no such rules: to look for words takes a tenth of what the expression takes. */
const EDIT_RULES_SAY: readonly string[] = [
  "SEARCH/REPLACE block* Rules:",
  "File editing rules:",
  "V4A Diff Format Rules:",
  "To suggest changes to a file you MUST return",
];

/** Begins the skill that Codex adds to the user's words. */
const SKILL = "skill";
const SKILL_START = `<${SKILL}>\n<name>`;

/** Begin what Claude Code adds to what a tool answered: a skill, as to a command of the user's, and that it loaded a tool. */
const LOADED = ["Base directory for this skill:", "Tool loaded."];

const tags: ReadonlySet<string> = new Set(HARNESS_TAGS);
const longestTag = Math.max(...HARNESS_TAGS.map((tag) => tag.length));
const afterTagName = new Set([">", " ", "\t", "\n", "\r"]);

/**
 * What the human wrote of a text: harness blocks and phrases taken out, blanks (space, tab, CR, LF) trimmed.
 * A block that does not end reaches to the end of the text where a line feed follows its tag; else the tag is a word of the
 * human's. Linear: every character is looked at a few times at most.
 *
 * @param blocks takes the harness blocks, tags and all
 */
export function stripHarness(text: string, blocks?: string[]): string {
  let kept = withoutBlocks(text, blocks);
  for (const phrase of HARNESS_PHRASES) if (kept.includes(phrase)) kept = kept.replaceAll(phrase, "");
  return trimBlanks(kept);
}

function withoutBlocks(text: string, blocks?: string[]): string {
  let kept = "";
  let from = 0;
  let rules = editRules(text, 0);
  const words = new Set<string>();
  let block = nextBlock(text, { from, kept, words, rules });
  while (block !== null) {
    const before = text.slice(from, block.at);
    if (kept !== "" || trimBlanks(before) !== "") kept += before;
    from = block.end;
    blocks?.push(text.slice(block.at, from));
    if (rules !== -1 && rules < from) rules = editRules(text, from);
    block = nextBlock(text, { from, kept, words, rules });
  }
  return kept + text.slice(from);
}

/** Where a harness block begins and ends. */
interface Block {
  readonly at: number;
  readonly end: number;
}

interface Search {
  readonly from: number;
  /** What the human wrote before. */
  readonly kept: string;
  /** Tags that nothing closes in the rest of the text. */
  readonly words: Set<string>;
  /** Where Aider's rules begin, -1 where they do not. */
  readonly rules: number;
}

function nextBlock(text: string, search: Search): Block | null {
  const { from, kept, rules } = search;
  const start = kept === "" ? startBlock(text, from) : null;
  if (start !== null) return start;
  const tagged = taggedBlock(text, search);
  const comesFirst = rules !== -1 && (tagged === null || rules < tagged.at);
  return comesFirst ? { at: rules, end: text.length } : tagged;
}

function taggedBlock(text: string, search: Search): Block | null {
  for (let at = text.indexOf("<", search.from); at !== -1; at = text.indexOf("<", at + 1)) {
    const tag = tagAt(text, at);
    const end = tag === null ? null : endWithin(text, { at, tag }, search);
    if (end !== null) return { at, end };
  }
  return null;
}

/** Where the block of a tag ends, null where the tag is a word of the human's. */
function endWithin(text: string, { at, tag }: { at: number; tag: string }, search: Search): number | null {
  const end = search.words.has(tag) ? null : endOfBlock(text, at, tag);
  if (end !== null) return end;
  search.words.add(tag);
  const isBlock = tag === SKILL || text.charAt(at + tag.length + 2) === "\n";
  return isBlock ? text.length : null;
}

/** -1 where they do not begin. */
function editRules(text: string, from: number): number {
  if (!EDIT_RULES_SAY.some((words) => text.includes(words, from))) return -1;
  EDIT_RULES.lastIndex = from;
  return EDIT_RULES.exec(text)?.index ?? -1;
}

function startBlock(text: string, at: number): Block | null {
  HARNESS_START.lastIndex = at;
  const found = HARNESS_START.exec(text);
  if (found === null) return null;
  const [, tag] = found;
  return { at, end: (tag === undefined ? null : endOfBlock(text, at, tag)) ?? text.length };
}

function tagAt(text: string, at: number): string | null {
  return text.startsWith(SKILL_START, at) ? SKILL : harnessTagAt(text, at);
}

/** Whether a harness block is what a client asks for itself, whose end is that of the message. */
export function isChore(block: string): boolean {
  CHORE.lastIndex = 0;
  return CHORE.test(block);
}

/** Whether a text without harness blocks is the summary of a conversation, which no human wrote. */
export function isSummary(text: string): boolean {
  return SUMMARY.test(text);
}

/** Whether a text without harness blocks is such a summary where it opens the conversation. */
export function isOpeningSummary(text: string): boolean {
  return isSummary(text) || OPENING_SUMMARY.test(text);
}

/** Whether a message's harness blocks say that what stands before it are examples, no turns of a human. */
export function endsExamples([block = ""]: readonly string[]): boolean {
  return trimBlanks(block).startsWith(EXAMPLES_END);
}

/** Whether a text tells of a skill or a tool, which is the human's where a command of his asks for it and not where the model did. */
export function isLoaded(text: string): boolean {
  return LOADED.some((start) => text.startsWith(start));
}

/** The harness tag that opens at `at`, null where none does. */
function harnessTagAt(text: string, at: number): string | null {
  const limit = Math.min(text.length, at + longestTag + 2);
  let end = at + 1;
  while (end < limit && isTagName(text.charCodeAt(end))) end += 1;
  const opens = end > at + 1 && end < limit && afterTagName.has(text.charAt(end));
  const name = opens ? text.slice(at + 1, end) : "";
  return tags.has(name) ? name : null;
}

/** A letter, `-` or `_`: a `<` ends the search, so that no character is looked at twice. */
function isTagName(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 45 || code === 95;
}

/** null where the block does not end. */
function endOfBlock(text: string, at: number, tag: string): number | null {
  const closing = `</${tag}>`;
  const close = text.indexOf(closing, at);
  return close === -1 ? null : close + closing.length;
}

/** Trims space, tab, CR and LF only, so that other languages' trim can do the same. */
export function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start += 1;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 10) || code === 13;
}

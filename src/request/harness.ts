/**
 * Tags whose blocks a coding agent or a chat client writes into the user's turn: `<tag …> … </tag>`.
 * Claude Code, Codex, Cline, Roo, Cursor, Copilot, and retrieved documents. Lower case, as they are written.
 */
export const HARNESS_TAGS: readonly string[] = [
  "system-reminder",
  "system_reminder",
  "command-name",
  "command-message",
  "command-args",
  "command-contents",
  "local-command-stdout",
  "local-command-stderr",
  "local-command-caveat",
  "bash-input",
  "bash-stdout",
  "bash-stderr",
  "user-prompt-submit-hook",
  "session-start-hook",
  "post-tool-use-hook",
  "new-diagnostics",
  "task-notification",
  "ide_selection",
  "ide_opened_file",
  "ide_diagnostics",
  "environment_details",
  "environment_context",
  "environment_info",
  "user_instructions",
  "user_info",
  "turn_aborted",
  "workspace_info",
  "project_layout",
  "git_status",
  "open_and_recently_viewed_files",
  "additional_data",
  "attached_files",
  "attachments",
  "attachment",
  "editorContext",
  "repoContext",
  "reminderInstructions",
  "retrieved_documents",
  "retrieved_context",
  "search_results",
  "documents",
];

/** Whole phrases that a client writes into the user's turn. */
export const HARNESS_PHRASES: readonly string[] = [
  "[Request interrupted by user for tool use]",
  "[Request interrupted by user]",
];

const tags: ReadonlySet<string> = new Set(HARNESS_TAGS);
const longestTag = Math.max(...HARNESS_TAGS.map((tag) => tag.length));
const afterTagName = new Set([">", " ", "\t", "\n", "\r"]);

/**
 * What the human wrote of a text: harness blocks and phrases taken out, blanks (space, tab, CR, LF) trimmed.
 * A block that does not end reaches to the end of the text. Linear: every character is looked at twice at most.
 *
 * @param blocks takes the harness blocks, tags and all
 */
export function stripHarness(text: string, blocks?: string[]): string {
  let kept = withoutBlocks(text, blocks);
  if (kept.includes("[Request")) {
    for (const phrase of HARNESS_PHRASES) kept = kept.replaceAll(phrase, "");
  }
  return trimBlanks(kept);
}

function withoutBlocks(text: string, blocks?: string[]): string {
  let kept = "";
  let from = 0;
  let at = text.indexOf("<");
  while (at !== -1) {
    const tag = harnessTagAt(text, at);
    if (tag !== null) {
      kept += text.slice(from, at);
      from = endOfBlock(text, at, tag);
      blocks?.push(text.slice(at, from));
    }
    at = text.indexOf("<", Math.max(at + 1, from));
  }
  return kept + text.slice(from);
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

function endOfBlock(text: string, at: number, tag: string): number {
  const closing = `</${tag}>`;
  const close = text.indexOf(closing, at);
  return close === -1 ? text.length : close + closing.length;
}

/** Trims space, tab, CR and LF only, so that other languages' trim can do the same. */
function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start += 1;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 10) || code === 13;
}

/** What a classifier is shown of a request, taken apart again. */
export interface State {
  readonly system: string | null;
  /** Earlier human turns, the oldest first. */
  readonly earlier: readonly string[];
  readonly message: string;
}

/*
 * LiteLLM writes one text, in this order, whatever is missing left out:
 * litellm/router_strategy/complexity_router/complexity_router.py, _build_classifier_user_payload().
 */
const SYSTEM = "\nCaller system prompt, quoted as task context:\n";
const EARLIER = "\nRecent conversation (context only, do not classify these):\n";
const SIZE = /\nConversation so far: ~\d+ tokens across the request$/;
const MESSAGE = "\nClassify this message:\n";

/** Takes the text apart. Total: a text of another form is the message. */
export function readState(state: string): State {
  // A client may write the same words: its newest message comes last, so the last mark but those in it is not known.
  const at = state.lastIndexOf(MESSAGE);
  if (at < 0) return { system: null, earlier: [], message: state };
  const message = state.slice(at + MESSAGE.length);
  const before = withoutEnd(withoutEnd(state.slice(0, at)).replace(SIZE, ""));
  const turnsAt = before.lastIndexOf(EARLIER);
  const earlier = turnsAt < 0 ? [] : readTurns(before.slice(turnsAt + EARLIER.length));
  const head = turnsAt < 0 ? before : withoutEnd(before.slice(0, turnsAt));
  const system = head.startsWith(SYSTEM) ? head.slice(SYSTEM.length) : null;
  return { system, earlier, message };
}

/** The parts are lines that begin with an empty one: the end of the line before is nobody's. */
const withoutEnd = (text: string) => text.replace(/\n$/, "");

/** `[1] text`, or `[1] user: text` and `[2] assistant: text`; a turn may have several lines. */
function readTurns(text: string): string[] {
  const turns: string[] = [];
  for (const line of text.split("\n")) {
    const start = `[${turns.length + 1}] `;
    if (line.startsWith(start)) turns.push(line.slice(start.length));
    else if (turns.length > 0) turns.push(`${turns.pop()}\n${line}`);
  }
  return turns.filter((turn) => !turn.startsWith("assistant: ")).map((turn) => turn.replace(/^user: /, ""));
}

import { isOpeningSummary, isSummary } from "./harness.ts";
import type { AskSize, HumanTurn } from "./route-request.ts";
import { modeTag, wordsWithin } from "./words-within.ts";

/** Longest words, in UTF-16 code units, that may ask for nothing, so that the summary before them says what is asked. */
const LONGEST_REPLY = 60;

/** A message in the user's voice, as it was read. */
export interface SaidTurn {
  /** Its texts without harness blocks, one at least. */
  readonly parts: readonly HumanTurn[];
  /** How large the body was with it. */
  readonly size: AskSize;
}

/** The human turns of a conversation, oldest first. */
export interface Turns {
  readonly turns: readonly HumanTurn[];
  /** How large the body was at each of them, and at summaries that are none of them: as the callback counts. */
  readonly asks: readonly AskSize[];
  /** The opening tag in which a client says in what mode the human wrote the newest one; "" where it says none. */
  readonly modeTag: string;
}

/**
 * What humans said. The summary of a conversation is its turn until a human asks for something behind it.
 *
 * @param counted turns as the callback counts them, null where it does not: what was said before them are examples of a
 *   client's own, which the callback knows by what it took out; where it counts more, the oldest were not sent.
 */
export function humanTurns(said: readonly SaidTurn[], counted: number | null): Turns {
  const examples = counted === null ? 0 : said.length - counted;
  const counts = said.slice(Math.max(0, examples));
  const spoken = counts
    .map((turn, i) => writtenTurn(turn, i === 0 && examples >= 0 ? isOpeningSummary : isSummary))
    .filter(({ isSummary }, i) => i === 0 || !isSummary);
  const [first, ...later] = spoken;
  const isOver = first?.isSummary === true && later.some(({ turn }) => turn.chars > LONGEST_REPLY);
  const kept = isOver ? later : spoken;
  return {
    turns: kept.map(({ turn }) => turn),
    asks: counts.map(({ size }) => size),
    modeTag: modeTag(kept.at(-1)?.text ?? ""),
  };
}

interface WrittenTurn {
  /** With the tags that a client put around the human's words. */
  readonly text: string;
  readonly turn: HumanTurn;
  /** All of it is the summary of a conversation. */
  readonly isSummary: boolean;
}

function writtenTurn({ parts }: SaidTurn, isOfSummary: (text: string) => boolean): WrittenTurn {
  const words = parts.filter(({ text }) => !isOfSummary(text));
  const isAsk = words.length === parts.length || joined(words).length > LONGEST_REPLY;
  const kept = isAsk ? words : parts.map((part) => (isOfSummary(part.text) ? withinTags(part) : part));
  const text = joined(kept);
  // Each text but the first brings a line feed.
  const chars = kept.reduce((sum, part) => sum + part.chars, kept.length - 1);
  return { text, turn: withinTags({ text, chars }), isSummary: kept.length > words.length };
}

/** The texts of a turn as one. */
export function joined(parts: readonly HumanTurn[]): string {
  return parts.map(({ text }) => text).join("\n");
}

function withinTags({ text, chars }: HumanTurn): HumanTurn {
  const words = wordsWithin(text);
  return { text: words, chars: chars - (text.length - words.length) };
}

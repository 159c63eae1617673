import { SHORT_REPLIES, WORDS_BESIDE } from "./short-replies.ts";

/** Longest text that can be a short reply, in characters: three of the longer entries of the list, or four. */
const MAX_CHARS = 60;

const ASCII = /^[\0-\x7f]*$/;
const ASCII_WORDS = /[a-z0-9]+(?:['-][a-z0-9]+)*/g;
/** In scripts that are written without spaces each character counts as a word. */
const WORDS =
  /[[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}]&&[\p{L}\p{N}]]|[[\p{L}\p{N}\p{M}]--[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}]]+(?:['\-][\p{L}\p{N}\p{M}]+)*/gv;

/** The answer to a question of the model's: how many, when, which number. */
const FIGURE = /^[\p{N}'\-]+$/v;

interface Entry {
  readonly words: readonly string[];
  readonly isReply: boolean;
}

/** Entries by their first word, the longest first. */
const ENTRIES: ReadonlyMap<string, readonly Entry[]> = Map.groupBy(
  [
    ...SHORT_REPLIES.map((reply) => ({ words: wordsOf(reply), isReply: true })),
    ...WORDS_BESIDE.map((beside) => ({ words: wordsOf(beside), isReply: false })),
  ].sort((a, b) => b.words.length - a.words.length),
  ({ words: [first = ""] }) => first,
);

/**
 * Whether a turn carries no signal of its own: known short replies, what makes more of them and nothing else ("ok, thank
 * you very much, go on"), or no letter at all: "3", "12/05/2024", "...".
 */
export function isShortReply(text: string): boolean {
  if (text.length > MAX_CHARS) return false;
  const words = wordsOf(text);
  return words.every((word) => FIGURE.test(word)) || areShortReplies(words);
}

/** Lower case, without punctuation, and with one spelling of each character. */
function wordsOf(text: string): readonly string[] {
  const lower = text.toLowerCase();
  if (ASCII.test(lower)) return lower.match(ASCII_WORDS) ?? [];
  return lower.normalize("NFC").replaceAll("’", "'").match(WORDS) ?? [];
}

/** Whether the words are entries one after the other, the longest that fits first, and one of them a reply. */
function areShortReplies(words: readonly string[]): boolean {
  let isReply = false;
  let at = 0;
  while (at < words.length) {
    const entry = entryAt(words, at);
    if (entry === undefined) return false;
    isReply ||= entry.isReply;
    at += entry.words.length;
  }
  return isReply;
}

function entryAt(words: readonly string[], at: number): Entry | undefined {
  const entries = ENTRIES.get(words[at] ?? "");
  return entries?.find((entry) => entry.words.every((word, place) => words[at + place] === word));
}

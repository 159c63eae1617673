import { RE2JS, RE2JSSyntaxException, RE2Set } from "re2js";
import type { TextPattern } from "./rule.ts";

/** Longest pattern in UTF-16 code units. */
export const MAX_TEXT_PATTERN_CHARS = 500;

/**
 * Most instructions of one compiled pattern, and of all patterns over one text. Where a text makes the automaton grow
 * without end, RE2 walks through all of them at each character: about 30 ns each, so these bound the time of a match.
 */
const MAX_PATTERN_SIZE = 250;
export const MAX_SET_SIZE = 2_500;

/** Most UTF-16 code units of a text that are read: its head and its tail. */
const MAX_READ = 8_000;
const HEAD_SHARE = 0.5;

/** Texts whose matches are remembered. */
const MAX_KNOWN = 128;

/** Memory of the automaton of one set, in bytes: beyond it RE2 begins anew, and walks where that does not help. */
const AUTOMATON_BYTES = 2 ** 21;

/** What is wrong with a pattern, null where nothing is; "found …, expected …" is put around it. */
export function refusePattern(source: string): string | null {
  try {
    const size = sizeOfPattern(source);
    return size <= MAX_PATTERN_SIZE
      ? null
      : `a pattern of at most ${MAX_PATTERN_SIZE} steps: this one has ${size}, and each counted repetition has its count of them`;
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    return `a regular expression that RE2 takes; it says: ${wordsOf(error)}`;
  }
}

/** Without the preface, and without the flag that was put before the pattern. */
function wordsOf({ message }: RE2JSSyntaxException): string {
  return message.replace("error parsing regexp: ", "").replace("`(?i)", "`");
}

/** Instructions that patterns compile to, together. */
export function sizeOfPatterns(sources: readonly string[]): number {
  return sources.reduce((sum, source) => sum + sizeOfPattern(source), 0);
}

/** @throws {RE2JSSyntaxException} where it is none. */
function sizeOfPattern(source: string): number {
  return RE2JS.compile(plainOf(source), RE2JS.CASE_INSENSITIVE).programSize();
}

/** Collects the patterns that are matched against one and the same text of a request. */
export interface PatternSet {
  /** Adds a pattern that `refusePattern` has nothing against; its `matches` works once `seal` was called. */
  add(source: string): TextPattern;
  seal(): void;
}

/**
 * Matches all patterns in one pass over the text, in time that grows linearly with it, and remembers what it found in
 * the last texts: the rules of a policy ask about the same one again and again, and each request of a conversation
 * brings its system text anew.
 */
export function createPatternSet(): PatternSet {
  const set = new RE2Set(RE2Set.UNANCHORED, RE2JS.CASE_INSENSITIVE, AUTOMATON_BYTES);
  const known = new Map<string, ReadonlySet<number>>();
  let last: { readonly text: string; readonly found: ReadonlySet<number> } | null = null;
  const find = (text: string): ReadonlySet<number> => {
    // Each pattern of the set asks about the same text.
    if (text === last?.text) return last.found;
    const found = known.get(text) ?? new Set(set.match(plainOf(readable(text))));
    last = { text, found };
    // Out and in again: what was not asked about for longest stands first.
    known.delete(text);
    known.set(text, found);
    if (known.size > MAX_KNOWN) dropFirst(known);
    return found;
  };
  return {
    add: (source) => {
      const id = set.add(plainOf(source));
      return { source, matches: (text) => find(text).has(id) };
    },
    seal: () => set.compile(),
  };
}

/** Makes what finds one text in another. All that one of them makes take the same text apart once. */
export function createTextFinder(): (source: string) => TextPattern {
  let last = { text: "", folded: "" };
  const fold = (text: string): string => {
    if (text !== last.text) last = { text, folded: plainOf(text).toLowerCase() };
    return last.folded;
  };
  return (source) => {
    const wanted = plainOf(source).toLowerCase();
    return { source, matches: (text) => fold(text).includes(wanted) };
  };
}

const BEYOND_ASCII = /[\u0080-\uffff]/;

/** No text has more accents behind a letter (UAX #15), and to put more into it takes the square of their number. */
const TOO_MANY_ACCENTS = /(\p{M}(?<!\p{M}\p{M})\p{M}{29})\p{M}+/gu;

/**
 * An accent may stand behind its letter or in it, by keyboard and system. The two letters that Turkish makes of i have no
 * case that others know: "İptal" is "iptal".
 */
function plainOf(text: string): string {
  if (!BEYOND_ASCII.test(text)) return text;
  return text.replace(TOO_MANY_ACCENTS, "$1").normalize("NFC").replaceAll("İ", "I").replaceAll("ı", "i");
}

function dropFirst(known: Map<string, unknown>): void {
  for (const text of known.keys()) {
    known.delete(text);
    return;
  }
}

function readable(text: string): string {
  if (text.length <= MAX_READ) return text;
  const head = MAX_READ * HEAD_SHARE;
  return `${text.slice(0, head)}\n${text.slice(head - MAX_READ)}`;
}

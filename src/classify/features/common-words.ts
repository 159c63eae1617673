import { LANGUAGES } from "../words/languages.ts";
import { hashWord } from "./hash-word.ts";

/** English words that carry grammar and no subject. */
const FUNCTION_WORDS = `a about above after again all also am an and any are as at be been before being below between both
  but by can could did do does doing down during each either few for from further had has have having he her here hers
  him his how i if in into is it its itself just may me might more most must my no nor not of off on once only or other
  our out over own same shall she should so some such than that the their them then there these they this those through
  to too under until up upon us very was we were what when where which while who whom whose why will with would you
  your`;

/** Politeness beyond the greetings of each language: it asks for nothing. */
const POLITE_WORDS = `please kindly thanks thank thx hello hi hey dear greetings cheers appreciate grateful advance
  regards por favor bitte merci grazie danke gracias obrigado s'il plaît`;

/** How a text begins, by its first word that is not polite. */
const BEGINNINGS = {
  what: "what whats",
  who_when_where: "who whom whose when where",
  which: "which",
  how: "how",
  why: "why",
  auxiliary: "is are was were do does did should has have had may",
  supposition: "if suppose given consider assume imagine there in for an a the",
  write:
    "write create generate compose draft make build implement design develop code define def import from class",
  find: "find calculate compute determine evaluate solve simplify prove show derive estimate",
  explain:
    "explain describe discuss compare summarize analyze analyse list name give tell identify translate",
} as const;

/** A kind of beginning. */
type Beginning = keyof typeof BEGINNINGS;

/** The kinds in the order of `beginningOf`'s numbers. */
export const BEGINNING_NAMES: readonly Beginning[] = [
  "what",
  "who_when_where",
  "which",
  "how",
  "why",
  "auxiliary",
  "supposition",
  "write",
  "find",
  "explain",
];

/** How one asks somebody for something, before it is said what. */
const OPENERS = "can could will would you tell me i we need want to help like know us";

const functionWords = hashesOf(FUNCTION_WORDS);
const beginnings = new Map(
  BEGINNING_NAMES.flatMap((name, at) => [...hashesOf(BEGINNINGS[name])].map((hash) => [hash, at] as const)),
);
const politeWords = new Set([
  ...hashesOf(POLITE_WORDS),
  ...LANGUAGES.flatMap(({ greeting }) =>
    greeting.filter(isOneWord).map((word) => hashWord(word.toLowerCase())),
  ),
]);

const openers = hashesOf(OPENERS);

/** Whether a hashed word only leads to what is asked. */
export function isOpener(hash: number): boolean {
  return openers.has(hash);
}

/** Whether a hashed word carries grammar and no subject. */
export function isFunctionWord(hash: number): boolean {
  return functionWords.has(hash);
}

/** Whether a hashed word is a greeting, thanks or a "please": it says nothing of the work. */
export function isPoliteWord(hash: number): boolean {
  return politeWords.has(hash);
}

/** Index into `BEGINNING_NAMES` of a hashed first word, -1 for any other. */
export function beginningOf(hash: number): number {
  return beginnings.get(hash) ?? -1;
}

function hashesOf(words: string): Set<number> {
  return new Set(words.split(/\s+/).map(hashWord));
}

function isOneWord(word: string): boolean {
  return /^[\p{L}\p{M}]+$/u.test(word);
}

import { HashedWords } from "../hashed-words.ts";
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

/** What is known of a word, as bits of one number: see `traitsOf`. */
export const FUNCTION_WORD = 1;
/** Only leads to what is asked. */
export const OPENER = 2;
/** A greeting, thanks or a "please": it says nothing of the work. */
export const POLITE_WORD = 4;
const BEGINNING_SHIFT = 3;

/** Traits of each known word. */
const traits = new HashedWords(12);

addTrait(hashesOf(FUNCTION_WORDS), FUNCTION_WORD);
addTrait(hashesOf(OPENERS), OPENER);
addTrait(hashesOf(POLITE_WORDS), POLITE_WORD);
for (const { greeting } of LANGUAGES)
  addTrait(new Set(greeting.filter(isOneWord).map((word) => hashWord(word.toLowerCase()))), POLITE_WORD);
for (const [at, name] of BEGINNING_NAMES.entries())
  addTrait(hashesOf(BEGINNINGS[name]), (at + 1) << BEGINNING_SHIFT);

/** What is known of a hashed word: one look for all. 0 where that is nothing. */
export function traitsOf(hash: number): number {
  return traits.get(hash);
}

/** Index into `BEGINNING_NAMES` of a first word with these traits, -1 for any other. */
export function beginningOf(traits: number): number {
  return (traits >> BEGINNING_SHIFT) - 1;
}

function addTrait(hashes: ReadonlySet<number>, trait: number): void {
  for (const hash of hashes) traits.set(hash, traits.get(hash) | trait);
}

function hashesOf(words: string): Set<number> {
  return new Set(words.split(/\s+/).map(hashWord));
}

function isOneWord(word: string): boolean {
  return /^[\p{L}\p{M}]+$/u.test(word);
}

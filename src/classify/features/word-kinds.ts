import { compileVocabulary, type Entry } from "../vocabulary.ts";
import { LANGUAGES } from "../words/languages.ts";
import { type Feature, ratio } from "./feature.ts";
import { SUBJECT_WORDS } from "./subject-words.ts";

type Subject = keyof typeof SUBJECT_WORDS;

/** What words of any of our languages ask for. A greeting asks for nothing: it is no kind. */
const DEMANDS = ["proof", "design", "work", "lookup"] as const;
type Demand = (typeof DEMANDS)[number];

/** A kind of words. */
type Kind = Subject | `asks_${Demand}`;

/** How many different words of each kind a text has. */
export type KindCounts = ReadonlyMap<Kind, readonly string[]>;

const SUBJECTS: readonly Subject[] = [
  "arithmetic",
  "mathematics",
  "advanced_mathematics",
  "logic_puzzle",
  "physics",
  "chemistry",
  "life_sciences",
  "law",
  "economics",
  "humanities",
  "entertainment",
  "everyday",
  "programming",
  "code_syntax",
  "choice",
  "format",
  "writing",
  "planning",
  "systems",
  "evidence",
];

const KINDS: readonly Kind[] = [...SUBJECTS, ...DEMANDS.map((demand) => `asks_${demand}` as const)];

/** Finds the words of every kind in one pass over a text. */
export const findKinds: (text: string) => KindCounts = compileVocabulary<Kind>([
  ...SUBJECTS.flatMap((group): Entry<Kind>[] =>
    wordsOf(SUBJECT_WORDS[group]).map((word) => ({ word, group })),
  ),
  ...LANGUAGES.flatMap((language) => DEMANDS.flatMap((demand) => entriesOf(language[demand], demand))),
]);

/** How many different words of each kind a turn has. */
export const KIND_FEATURES: readonly Feature[] = KINDS.flatMap((kind): Feature[] => [
  [`${kind}_words`, ({ kinds }) => kinds.get(kind)?.length ?? 0],
]);

/** What of a turn's different words is about each subject. */
export const KIND_SHARE_FEATURES: readonly Feature[] = SUBJECTS.map(
  (kind): Feature => [
    `${kind}_word_share`,
    ({ kinds, words }) => ratio(kinds.get(kind)?.length ?? 0, words.distinct),
  ],
);

function wordsOf(list: string): string[] {
  return list.split(",").map((word) => word.trim().replaceAll(/\s+/g, " "));
}

function entriesOf(words: readonly string[], demand: Demand): Entry<Kind>[] {
  return words.map((word) => ({ word, group: `asks_${demand}` as const }));
}

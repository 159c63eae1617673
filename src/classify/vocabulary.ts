import { DENSE, KINDS, LETTER, SPACE } from "./script.ts";

/** A word or phrase to look for, and what it counts for. */
export interface Entry<G extends string> {
  readonly word: string;
  readonly group: G;
}

/** The words of each group that a text holds, each once, in the order of their first appearance. */
export type Found<G extends string> = ReadonlyMap<G, readonly string[]>;

/** Looks for all words of a vocabulary in one pass over a text. */
export type FindWords<G extends string> = (text: string) => Found<G>;

/** Longest word or phrase that is looked for, in UTF-16 code units; the rest of a longer one is left off. */
const MAX_WORD = 64;

/** Shortest English word that takes endings: "hi" must not be found in "his". */
const MIN_INFLECTED = 4;

const SPACE_CODE = 32;
const STRAIGHT_QUOTE = 39;
const CURLY_QUOTE = 0x2019;

/**
 * Compiles words into a tree of characters, so that the time to search does not depend on how many there are.
 * Any case; a run of white space counts as one space; words end where letters end, but for a trailing `*` and in
 * scripts without spaces. At each place the longest word that fits is the one found.
 */
export function compileVocabulary<G extends string>(entries: readonly Entry<G>[]): FindWords<G> {
  const tree = new WordTree<Entry<G>>();
  for (const entry of entries) {
    const word = normalize(entry.word);
    const stem = word.endsWith("*") ? word.slice(0, -1) : word;
    tree.add(stem, { value: { ...entry, word: stem }, openEnded: stem !== word });
    for (const form of stem === word ? englishForms(word) : []) {
      tree.add(form, { value: { ...entry, word }, openEnded: false });
    }
  }
  return (text) => group(tree.findIn(normalizeText(text)));
}

function group<G extends string>(entries: ReadonlySet<Entry<G>>): Found<G> {
  const found = new Map<G, string[]>();
  for (const { group, word } of entries) {
    const words = found.get(group);
    if (words === undefined) found.set(group, [word]);
    else if (!words.includes(word)) words.push(word);
  }
  return found;
}

function normalize(word: string): string {
  return normalizeText(word.trim().replaceAll(/\s+/g, " ").slice(0, MAX_WORD));
}

function normalizeText(text: string): string {
  return text.toLowerCase();
}

/** A word's English endings; of a phrase, its last word's. */
function englishForms(word: string): string[] {
  if (word.length < MIN_INFLECTED || !/[a-z]{2}$/.test(word)) return [];
  const stem = word.endsWith("e") ? word.slice(0, -1) : word;
  const doubled = /[aeiou][bdgmnprt]$/.test(word) ? word + word.slice(-1) : stem;
  return [`${word}s`, `${word}es`, `${stem}ed`, `${stem}ing`, `${doubled}ed`, `${doubled}ing`];
}

interface Terminal<V> {
  readonly value: V;
  readonly openEnded: boolean;
}

/** A tree of UTF-16 code units: first children in a table, the others as linked siblings. */
class WordTree<V> {
  readonly #roots = new Int32Array(0x10000);
  // Node 0 is "none".
  readonly #code: number[] = [0];
  readonly #child: number[] = [0];
  readonly #sibling: number[] = [0];
  readonly #terminals: Terminal<V>[][] = [[]];

  add(word: string, terminal: Terminal<V>): void {
    if (word === "") return;
    let node = this.#rootFor(word.charCodeAt(0));
    for (let i = 1; i < word.length; i += 1) node = this.#childFor(node, word.charCodeAt(i));
    this.#terminals[node]?.push(terminal);
  }

  /** Everything found in a text, walking on from each place where a word can begin. */
  findIn(text: string): Set<V> {
    const found = new Set<V>();
    let before = SPACE;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      const kind = KINDS[code] ?? 0;
      const begins = kind !== SPACE && (kind !== LETTER || before !== LETTER);
      before = kind;
      const root = begins ? (this.#roots[code] ?? 0) : 0;
      if (root !== 0) this.#collect(text, { at, root }, found);
    }
    return found;
  }

  #collect(text: string, start: { at: number; root: number }, found: Set<V>): void {
    let node = start.root;
    let next = start.at + 1;
    let best: readonly Terminal<V>[] = [];
    while (node !== 0) {
      const here = this.#terminals[node] ?? [];
      if (here.length > 0) best = fitting(here, endsAt(text, next), best);
      const code = codeAt(text, next);
      node = this.#find(this.#child[node] ?? 0, code);
      next = code === SPACE_CODE ? skipSpaces(text, next) : next + 1;
    }
    for (const terminal of best) found.add(terminal.value);
  }

  #find(first: number, code: number): number {
    let node = first;
    while (node !== 0 && this.#code[node] !== code) node = this.#sibling[node] ?? 0;
    return node;
  }

  #rootFor(code: number): number {
    const root = this.#roots[code] ?? 0;
    if (root !== 0) return root;
    const made = this.#make(code, 0);
    this.#roots[code] = made;
    return made;
  }

  #childFor(parent: number, code: number): number {
    const first = this.#child[parent] ?? 0;
    const child = this.#find(first, code);
    if (child !== 0) return child;
    const made = this.#make(code, first);
    this.#child[parent] = made;
    return made;
  }

  #make(code: number, sibling: number): number {
    this.#code.push(code);
    this.#child.push(0);
    this.#sibling.push(sibling);
    this.#terminals.push([]);
    return this.#code.length - 1;
  }
}

/** The words that may end here; those found before where none may. */
function fitting<V>(
  here: readonly Terminal<V>[],
  atEnd: boolean,
  before: readonly Terminal<V>[],
): readonly Terminal<V>[] {
  const fit = atEnd ? here : here.filter((terminal) => terminal.openEnded);
  return fit.length > 0 ? fit : before;
}

/** Whether a word that covers the text up to `next` ends there. */
function endsAt(text: string, next: number): boolean {
  if (next >= text.length) return true;
  const last = KINDS[text.charCodeAt(next - 1)];
  return last === DENSE || last !== LETTER || KINDS[text.charCodeAt(next)] !== LETTER;
}

/** The code unit at a place as the tree knows it: any white space is a space, a curly quote a straight one. */
function codeAt(text: string, at: number): number {
  if (at >= text.length) return -1;
  const code = text.charCodeAt(at);
  if (KINDS[code] === SPACE) return SPACE_CODE;
  return code === CURLY_QUOTE ? STRAIGHT_QUOTE : code;
}

function skipSpaces(text: string, from: number): number {
  let at = from;
  while (at < text.length && KINDS[text.charCodeAt(at)] === SPACE) at += 1;
  return at;
}

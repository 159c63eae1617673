import { KINDS, LETTER, OTHER, SPACE } from "./script.ts";

/** A spelling to look for, lower case, white space as single spaces, and what it stands for. */
export interface Form<V> {
  readonly text: string;
  readonly value: V;
  readonly endings: Endings;
}

/** What may follow a spelling within its word: nothing, any letters, an English ending, -ing alone. */
export type Endings = "none" | "any" | "english" | "ing";

const SPACE_CODE = 32;
const STRAIGHT_QUOTE = 39;
const CURLY_QUOTE = 0x2019;

/** Stands for the end of the text: no character. */
const END = -1;

const NONE = 0;
/** A node is known by the place of its edge in the table; the root has no edge. */
const ROOT = -1;

/** Odd multipliers that spread node and character over the table (golden ratio, and one of MurmurHash3's). */
const NODE_FACTOR = 0x9e3779b1;
const CODE_FACTOR = 0x85ebca6b;

const HASH_BITS = 32;

/** An edge takes two places of the table: the node that it leaves, and its code unit. */
const STRIDE = 2;

/**
 * A tree of UTF-16 code units. Its edges stand in one open-addressed hash table, so that a step is one look-up
 * however many words there are.
 */
export class WordTree<V> {
  readonly #bits: number;
  readonly #edges: Int32Array;
  /** Whether a spelling ends at a node, and which. */
  readonly #isEnd: Uint8Array;
  readonly #ends = new Map<number, readonly Form<V>[]>();

  constructor(forms: readonly Form<V>[]) {
    this.#bits = Math.ceil(Math.log2(2 * countPrefixes(forms) + 2));
    this.#edges = new Int32Array(STRIDE * 2 ** this.#bits);
    this.#isEnd = new Uint8Array(this.#edges.length);
    for (const form of forms) if (form.text !== "") this.#add(form);
  }

  /** Everything found in a lower-case text, walking on from each place where a word can begin. */
  findIn(text: string): Set<V> {
    const found = new Set<V>();
    let before = SPACE;
    for (let at = 0; at < text.length; at += 1) {
      const kind = KINDS[text.charCodeAt(at)] ?? OTHER;
      if (kind !== SPACE && (kind !== LETTER || before !== LETTER)) this.#collect(text, at, found);
      before = kind;
    }
    return found;
  }

  /** Adds the longest word that begins here. */
  #collect(text: string, at: number, found: Set<V>): void {
    let best: readonly Form<V>[] = [];
    let next = at;
    let code = codeAt(text, next);
    let node = this.#childOf(ROOT, code);
    while (node !== NONE) {
      next = code === SPACE_CODE ? skipSpaces(text, next) : next + 1;
      if (this.#isEnd[node] === 1) best = fitting(this.#ends.get(node) ?? [], text, next) ?? best;
      code = codeAt(text, next);
      node = this.#childOf(node, code);
    }
    for (const { value } of best) found.add(value);
  }

  /** The node that an edge leads to, NONE where there is no such edge. */
  #childOf(node: number, code: number): number {
    const place = this.#placeOf(node, code);
    return this.#edges[place] === NONE ? NONE : place;
  }

  /** Where an edge stands in the table, or where it would. Place 0 stays empty, so that NONE is no node. */
  #placeOf(node: number, code: number): number {
    const edges = this.#edges;
    let place = STRIDE * (hashOf(node, code) >>> (HASH_BITS - this.#bits));
    while (
      place === NONE ||
      !(edges[place] === NONE || (edges[place] === node && edges[place + 1] === code))
    ) {
      place += STRIDE;
      if (place >= edges.length) place = NONE;
    }
    return place;
  }

  #add(form: Form<V>): void {
    let node = ROOT;
    for (let i = 0; i < form.text.length; i += 1) {
      const code = codeAt(form.text, i);
      const place = this.#placeOf(node, code);
      this.#edges.set([node, code], place);
      node = place;
    }
    this.#isEnd[node] = 1;
    this.#ends.set(node, [...(this.#ends.get(node) ?? []), form]);
  }
}

/** How many nodes a tree of these spellings has. */
function countPrefixes(forms: readonly Form<unknown>[]): number {
  const prefixes = new Set<string>();
  for (const { text } of forms)
    for (let end = 1; end <= text.length; end += 1) prefixes.add(text.slice(0, end));
  return prefixes.size;
}

/** Its high bits are the well-mixed ones. */
function hashOf(node: number, code: number): number {
  return Math.imul(node + Math.imul(code, CODE_FACTOR), NODE_FACTOR);
}

/** Those of the words found up to `next` that may end as the text goes on; undefined where none may. */
function fitting<V>(ends: readonly Form<V>[], text: string, next: number): readonly Form<V>[] | undefined {
  const rest = restOfWord(text, next);
  const fit = ends.filter((form) => mayEnd(form, rest));
  return fit.length > 0 ? fit : undefined;
}

/** Longest rest of a word that is looked at: a doubled letter and "ing", and one more. */
const MAX_REST = 5;

/** The letters that follow within the same word; none after a character that ends its word by itself. */
function restOfWord(text: string, next: number): string {
  if (KINDS[text.charCodeAt(next - 1)] !== LETTER) return "";
  let end = next;
  while (end < text.length && end - next < MAX_REST && KINDS[text.charCodeAt(end)] === LETTER) end += 1;
  return text.slice(next, end);
}

const ENGLISH_ENDINGS: ReadonlySet<string> = new Set(["s", "es", "d", "ed", "ing"]);

function mayEnd({ text, endings }: Form<unknown>, rest: string): boolean {
  switch (endings) {
    case "any":
      return true;
    case "none":
      return rest === "";
    case "ing":
      return rest === "ing";
    case "english":
      return rest === "" || ENGLISH_ENDINGS.has(rest) || isDoubled(text, rest);
    default:
      return endings satisfies never;
  }
}

/** Whether a word goes on like "debug-ging" or "plan-ned". */
function isDoubled(text: string, rest: string): boolean {
  return rest.charAt(0) === text.at(-1) && (rest.slice(1) === "ed" || rest.slice(1) === "ing");
}

/** The code unit at a place as the tree knows it: any white space is a space, a curly quote a straight one. */
function codeAt(text: string, at: number): number {
  if (at >= text.length) return END;
  const code = text.charCodeAt(at);
  if (KINDS[code] === SPACE) return SPACE_CODE;
  return code === CURLY_QUOTE ? STRAIGHT_QUOTE : code;
}

function skipSpaces(text: string, from: number): number {
  let at = from;
  while (at < text.length && KINDS[text.charCodeAt(at)] === SPACE) at += 1;
  return at;
}

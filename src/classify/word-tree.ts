import { KINDS, LETTER, OTHER, SPACE } from "./script.ts";

/** A spelling to look for, lower case, white space as single spaces, and what it stands for. */
export interface Form<V> {
  readonly text: string;
  readonly value: V;
  readonly endings: Endings;
}

/** What may follow a spelling within its word: nothing, any letters, an English ending, -ing alone. */
type Endings = "none" | "any" | "english" | "ing";

const SPACE_CODE = 32;
const STRAIGHT_QUOTE = 39;
const FIRST_NON_ASCII = 128;
const CURLY_QUOTE = 0x2019;

/** Stands for the end of the text: no character. */
const END = -1;

const NONE = 0;
/** A node is known by the place of its edge in the table; the root has no edge. */
const ROOT = -1;

/** Odd multipliers that spread node and character over the table (golden ratio, and one of MurmurHash3's). */
const NODE_FACTOR = 0x9e3779b1;
const CODE_FACTOR = 0x85ebca6b;

/** Places of the table for each edge: more makes searches shorter. */
const LOAD_FACTOR = 2;

const HASH_BITS = 32;

const NO_FORMS: readonly never[] = [];

/** An edge takes two places of the table: the node that it leaves, and its code unit. */
const STRIDE = 2;

/**
 * A tree of UTF-16 code units. Its edges stand in one open-addressed hash table, so that a step is one look-up
 * however many words there are.
 */
interface Tree<V> {
  readonly edges: Int32Array;
  /** How far a hash is shifted to be a place. */
  readonly shift: number;
  /** Whether a spelling ends at a node, and which. */
  readonly isEnd: Uint8Array;
  readonly ends: Map<number, readonly Form<V>[]>;
}

/** Makes a function that finds every value whose spelling is in a lower-case text. */
export function compileForms<V>(forms: readonly Form<V>[]): (text: string) => Set<V> {
  const tree = emptyTree<V>(countPrefixes(forms));
  for (const form of forms) if (form.text !== "") addForm(tree, form);
  return (text) => findIn(tree, text);
}

/** Walks on from each place where a word can begin. */
function findIn<V>(tree: Tree<V>, text: string): Set<V> {
  const found = new Set<V>();
  let before = SPACE;
  for (let at = 0; at < text.length; at += 1) {
    const kind = KINDS[text.charCodeAt(at)] ?? OTHER;
    // A letter begins a word only where none stands before it.
    if (kind !== SPACE && (kind !== LETTER || before !== LETTER)) {
      const forms = longestFrom(tree, text, at);
      if (forms !== undefined) addValues(found, forms);
    }
    before = kind;
  }
  return found;
}

function addValues<V>(found: Set<V>, forms: readonly Form<V>[]): void {
  for (const { value } of forms) found.add(value);
}

/** The longest word that begins at a place, in its readings; undefined where none does. */
function longestFrom<V>(tree: Tree<V>, text: string, at: number): readonly Form<V>[] | undefined {
  const { isEnd } = tree;
  let best: readonly Form<V>[] | undefined;
  let next = at;
  let code = codeAt(text, next);
  let node = childOf(tree, ROOT, code);
  while (node !== NONE) {
    next = code === SPACE_CODE ? skipSpaces(text, next) : next + 1;
    if (isEnd[node] === 1) best = fitting(tree.ends.get(node) ?? NO_FORMS, text, next) ?? best;
    code = codeAt(text, next);
    node = childOf(tree, node, code);
  }
  return best;
}

/** The node that an edge leads to, NONE where there is no such edge. */
function childOf({ edges, shift }: Tree<unknown>, node: number, code: number): number {
  let place = firstPlace(node, code, shift);
  let from = edges[place];
  while (from !== NONE && (from !== node || edges[place + 1] !== code)) {
    place += STRIDE;
    from = edges[place];
  }
  return from === NONE ? NONE : place;
}

/** Where the search for an edge begins. Place 0 stays empty, so that NONE is no node. */
function firstPlace(node: number, code: number, shift: number): number {
  const hash = Math.imul(node + Math.imul(code, CODE_FACTOR), NODE_FACTOR);
  return STRIDE + STRIDE * (hash >>> shift);
}

function emptyTree<V>(nodes: number): Tree<V> {
  const bits = Math.ceil(Math.log2(LOAD_FACTOR * nodes + 2));
  // Room behind the last place, so that no search has to begin again at the front.
  const edges = new Int32Array(STRIDE * (2 ** bits + nodes + 2));
  return { edges, shift: HASH_BITS - bits, isEnd: new Uint8Array(edges.length), ends: new Map() };
}

function addForm<V>(tree: Tree<V>, form: Form<V>): void {
  let node = ROOT;
  for (let i = 0; i < form.text.length; i += 1) {
    const code = codeAt(form.text, i);
    const child = childOf(tree, node, code);
    node = child === NONE ? addChild(tree, node, code) : child;
  }
  tree.isEnd[node] = 1;
  tree.ends.set(node, [...(tree.ends.get(node) ?? []), form]);
}

function addChild({ edges, shift }: Tree<unknown>, node: number, code: number): number {
  let place = firstPlace(node, code, shift);
  while (edges[place] !== NONE) place += STRIDE;
  edges.set([node, code], place);
  return place;
}

/** How many nodes a tree of these spellings has. */
function countPrefixes(forms: readonly Form<unknown>[]): number {
  const prefixes = new Set<string>();
  for (const { text } of forms)
    for (let end = 1; end <= text.length; end += 1) prefixes.add(text.slice(0, end));
  return prefixes.size;
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
  return code > SPACE_CODE && code < FIRST_NON_ASCII ? code : normalCode(code);
}

function normalCode(code: number): number {
  if (KINDS[code] === SPACE) return SPACE_CODE;
  return code === CURLY_QUOTE ? STRAIGHT_QUOTE : code;
}

function skipSpaces(text: string, from: number): number {
  let at = from;
  while (at < text.length && KINDS[text.charCodeAt(at)] === SPACE) at += 1;
  return at;
}

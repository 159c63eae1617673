import { createUnitReader } from "./code-units.ts";
import { KINDS, LETTER, SPACE } from "./script.ts";
import { BLANK, symbolOf } from "./symbol.ts";
import { createWordFilter, mayBegin, type WordFilter } from "./word-filter.ts";
import { type Form, MAX_REST, mayEnd } from "./word-form.ts";

/** What stands behind a text, and so in no spelling. */
const END = "\0";

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

/** Makes a function that finds every value whose spelling is in a lower-case text, in the order of the text. */
export function compileForms<V>(forms: readonly Form<V>[]): (text: string) => Set<V> {
  const sought = forms.filter(({ text }) => text !== "" && !text.includes(END));
  const tree = emptyTree<V>(countPrefixes(sought));
  for (const form of sought) addForm(tree, form);
  const filter = createWordFilter(sought);
  const readUnits = createUnitReader();
  return (text) => findIn(tree, filter, { text, units: readUnits(text) });
}

interface Searched {
  readonly text: string;
  readonly units: Uint16Array;
}

/** Walks on from each place where a word can begin. */
function findIn<V>(tree: Tree<V>, filter: WordFilter, searched: Searched): Set<V> {
  const { text, units } = searched;
  const found = new Set<V>();
  for (let at = 0; at < text.length; at = nextPlace(units, at)) {
    if (mayBegin(filter, units, at)) addValues(found, longestFrom(tree, searched, at));
  }
  return found;
}

/** Where the next word can begin: behind all letters of this one. */
function nextPlace(units: Uint16Array, at: number): number {
  let next = at + 1;
  if (KINDS[units[at] ?? 0] === LETTER) while (KINDS[units[next] ?? 0] === LETTER) next += 1;
  return next;
}

function addValues<V>(found: Set<V>, forms: readonly Form<V>[]): void {
  for (const { value } of forms) found.add(value);
}

/** The longest word that begins at a place, in its readings; none where none does. */
function longestFrom<V>(tree: Tree<V>, searched: Searched, at: number): readonly Form<V>[] {
  const { units } = searched;
  let best: readonly Form<V>[] = NO_FORMS;
  let next = at;
  let symbol = symbolOf(units[next] ?? 0);
  let node = childOf(tree, ROOT, symbol);
  while (node !== NONE) {
    next = symbol === BLANK ? skipSpaces(units, next) : next + 1;
    if (tree.isEnd[node] === 1) best = fitting(tree.ends.get(node) ?? NO_FORMS, searched, next) ?? best;
    symbol = symbolOf(units[next] ?? 0);
    node = childOf(tree, node, symbol);
  }
  return best;
}

/** The node that an edge leads to, NONE where there is no such edge. */
function childOf({ edges, shift }: Tree<unknown>, node: number, symbol: number): number {
  let place = firstPlace(node, symbol, shift);
  let from = edges[place];
  while (from !== NONE && (from !== node || edges[place + 1] !== symbol)) {
    place += STRIDE;
    from = edges[place];
  }
  return from === NONE ? NONE : place;
}

/** Where the search for an edge begins. Place 0 stays empty, so that NONE is no node. */
function firstPlace(node: number, symbol: number, shift: number): number {
  const hash = Math.imul(node + Math.imul(symbol, CODE_FACTOR), NODE_FACTOR);
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
    const symbol = symbolOf(form.text.charCodeAt(i));
    const child = childOf(tree, node, symbol);
    node = child === NONE ? addChild(tree, node, symbol) : child;
  }
  tree.isEnd[node] = 1;
  tree.ends.set(node, [...(tree.ends.get(node) ?? []), form]);
}

function addChild({ edges, shift }: Tree<unknown>, node: number, symbol: number): number {
  let place = firstPlace(node, symbol, shift);
  while (edges[place] !== NONE) place += STRIDE;
  edges.set([node, symbol], place);
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
function fitting<V>(
  ends: readonly Form<V>[],
  searched: Searched,
  next: number,
): readonly Form<V>[] | undefined {
  const rest = restOfWord(searched, next);
  const fit = ends.filter((form) => mayEnd(form, rest));
  return fit.length > 0 ? fit : undefined;
}

/** The letters that follow within the same word; none after a character that ends its word by itself. */
function restOfWord({ text, units }: Searched, next: number): string {
  if (KINDS[units[next - 1] ?? 0] !== LETTER) return "";
  let end = next;
  while (end - next < MAX_REST && KINDS[units[end] ?? 0] === LETTER) end += 1;
  return text.slice(next, end);
}

function skipSpaces(units: Uint16Array, from: number): number {
  let at = from;
  while (KINDS[units[at] ?? 0] === SPACE) at += 1;
  return at;
}

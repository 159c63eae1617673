import { createUnitReader } from "./code-units.ts";
import { KINDS, LETTER, SPACE } from "./script.ts";
import { BLANK, symbolOf } from "./symbol.ts";
import { createStartFinder, createWordFilter, type Starts } from "./word-filter.ts";
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
const NO_ENDS = { forms: NO_FORMS, whole: undefined };

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
  readonly ends: Map<number, Ends<V>>;
}

/** The spellings that end at a node. */
interface Ends<V> {
  readonly forms: readonly Form<V>[];
  /** Those that may end where their word ends; undefined where none may. */
  readonly whole: readonly Form<V>[] | undefined;
}

/** Makes a function that finds every value whose spelling is in a lower-case text, in the order of the text. */
export function compileForms<V>(forms: readonly Form<V>[]): (text: string) => Set<V> {
  const sought = forms.filter(({ text }) => text !== "" && !text.includes(END));
  const tree = emptyTree<V>(countPrefixes(sought));
  for (const form of sought) addForm(tree, form);
  const findStarts = createStartFinder(createWordFilter(sought));
  const readUnits = createUnitReader();
  return (text) => {
    const units = readUnits(text);
    return findIn(tree, { text, units }, findStarts(units, text.length));
  };
}

interface Searched {
  readonly text: string;
  readonly units: Uint16Array;
}

/** Walks on from each place where a word may begin. */
function findIn<V>(tree: Tree<V>, searched: Searched, { places, count }: Starts): Set<V> {
  const found = new Set<V>();
  for (let i = count - 1; i >= 0; i -= 1) addValues(found, longestFrom(tree, searched, places[i] ?? 0));
  return found;
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
    if (tree.isEnd[node] === 1) best = fitting(tree.ends.get(node) ?? NO_ENDS, searched, next) ?? best;
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
  const forms = [...(tree.ends.get(node) ?? NO_ENDS).forms, form];
  tree.ends.set(node, { forms, whole: orUndefined(forms.filter((known) => mayEnd(known, ""))) });
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

/** Those of the spellings found up to `next` that may end as the text goes on; undefined where none may. */
function fitting<V>(
  { forms, whole }: Ends<V>,
  { text, units }: Searched,
  next: number,
): readonly Form<V>[] | undefined {
  const end = endOfWord(units, next);
  if (end === next) return whole;
  const rest = text.slice(next, end);
  return orUndefined(forms.filter((form) => mayEnd(form, rest)));
}

function orUndefined<V>(forms: readonly Form<V>[]): readonly Form<V>[] | undefined {
  return forms.length > 0 ? forms : undefined;
}

/** Where the letters end that follow within the same word; a character that is no letter ends its word by itself. */
function endOfWord(units: Uint16Array, next: number): number {
  let end = next;
  if (KINDS[units[next - 1] ?? 0] === LETTER)
    while (end - next < MAX_REST && KINDS[units[end] ?? 0] === LETTER) end += 1;
  return end;
}

function skipSpaces(units: Uint16Array, from: number): number {
  let at = from;
  while (KINDS[units[at] ?? 0] === SPACE) at += 1;
  return at;
}

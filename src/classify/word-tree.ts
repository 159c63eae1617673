import { createUnitReader } from "./code-units.ts";
import { KINDS, LETTER, SPACE } from "./script.ts";
import { BLANK, symbolOf } from "./symbol.ts";
import { createStartFinder, createWordFilter, type Starts } from "./word-filter.ts";
import { type Form, MAX_REST, mayEnd, NO_REST, restOf } from "./word-form.ts";

/** What stands behind a text, and so in no spelling. */
const END = "\0";
const END_UNIT = 0;

const ROOT = 0;
const NONE = -1;

/** Odd multipliers that spread node and character over the table (golden ratio, and one of MurmurHash3's). */
const NODE_FACTOR = 0x9e3779b1;
const CODE_FACTOR = 0x85ebca6b;

/** Places of the table for each branch: more makes searches shorter. */
const LOAD_FACTOR = 2;

const HASH_BITS = 32;

const NO_FORMS: readonly never[] = [];
const NO_ENDS = { forms: NO_FORMS, whole: undefined };

/** A branch takes three places of the table: one more than the node that it leaves, its code unit, where it leads. */
const STRIDE = 3;
const EMPTY = 0;

/**
 * A tree of UTF-16 code units. A node's first child stands right behind it, so that the rest of a word, where nothing
 * branches, is read in a row; further children are found through one open-addressed hash table.
 */
interface Tree<V> {
  /** The code unit that leads to the first child of each node; that of the end of a text where there is none. */
  readonly firsts: Uint16Array;
  /** Whether a node has further children. */
  readonly branches: Uint8Array;
  readonly table: Int32Array;
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
  const tree = toTree(grow(sought));
  const findStarts = createStartFinder(createWordFilter(sought));
  const readUnits = createUnitReader();
  return (text) => {
    const units = readUnits(text);
    return findIn(tree, units, findStarts(units, text.length));
  };
}

/** Walks on from each place where a word may begin. */
function findIn<V>(tree: Tree<V>, units: Uint16Array, { places, count }: Starts): Set<V> {
  const found = new Set<V>();
  for (let i = count - 1; i >= 0; i -= 1) addValues(found, longestFrom(tree, units, places[i] ?? 0));
  return found;
}

function addValues<V>(found: Set<V>, forms: readonly Form<V>[]): void {
  for (const { value } of forms) found.add(value);
}

/** The longest word that begins at a place, in its readings; none where none does. */
function longestFrom<V>(tree: Tree<V>, units: Uint16Array, at: number): readonly Form<V>[] {
  let best: readonly Form<V>[] = NO_FORMS;
  let next = at;
  let symbol = symbolOf(units[next] ?? 0);
  let node = childOf(tree, ROOT, symbol);
  while (node !== NONE) {
    next = symbol === BLANK ? skipSpaces(units, next) : next + 1;
    if (tree.isEnd[node] === 1) best = fitting(tree.ends.get(node) ?? NO_ENDS, units, next) ?? best;
    symbol = symbolOf(units[next] ?? 0);
    node = childOf(tree, node, symbol);
  }
  return best;
}

/** The node that a code unit leads to, NONE where it leads to none. */
function childOf(tree: Tree<unknown>, node: number, symbol: number): number {
  if (tree.firsts[node] === symbol) return symbol === END_UNIT ? NONE : node + 1;
  return tree.branches[node] === 1 ? furtherChildOf(tree, node, symbol) : NONE;
}

function furtherChildOf({ table, shift }: Tree<unknown>, node: number, symbol: number): number {
  let place = firstPlace(node, symbol, shift);
  let from = table[place];
  while (from !== EMPTY && (from !== node + 1 || table[place + 1] !== symbol)) {
    place += STRIDE;
    from = table[place];
  }
  return from === EMPTY ? NONE : (table[place + 2] ?? NONE);
}

/** Where the search for a branch begins. */
function firstPlace(node: number, symbol: number, shift: number): number {
  const hash = Math.imul(node + Math.imul(symbol, CODE_FACTOR), NODE_FACTOR);
  return STRIDE * (hash >>> shift);
}

/** A node before the tree is laid out. */
interface Bud<V> {
  readonly children: Map<number, Bud<V>>;
  readonly forms: Form<V>[];
}

function grow<V>(forms: readonly Form<V>[]): Bud<V> {
  const root: Bud<V> = { children: new Map(), forms: [] };
  for (const form of forms) {
    let bud = root;
    for (let i = 0; i < form.text.length; i += 1) bud = childBud(bud, symbolOf(form.text.charCodeAt(i)));
    bud.forms.push(form);
  }
  return root;
}

function childBud<V>({ children }: Bud<V>, symbol: number): Bud<V> {
  const child: Bud<V> = children.get(symbol) ?? { children: new Map(), forms: [] };
  children.set(symbol, child);
  return child;
}

function toTree<V>(root: Bud<V>): Tree<V> {
  const nodes = countNodes(root);
  const branches = countBranches(root);
  const bits = Math.ceil(Math.log2(LOAD_FACTOR * branches + 2));
  const tree: Tree<V> = {
    firsts: new Uint16Array(nodes),
    branches: new Uint8Array(nodes),
    // Room behind the last place, so that no search has to begin again at the front.
    table: new Int32Array(STRIDE * (2 ** bits + branches + 1)),
    shift: HASH_BITS - bits,
    isEnd: new Uint8Array(nodes),
    ends: new Map(),
  };
  layOut(root, ROOT, tree);
  return tree;
}

function countNodes({ children }: Bud<unknown>): number {
  let count = 1;
  for (const child of children.values()) count += countNodes(child);
  return count;
}

/** Children beyond the first of their node. */
function countBranches({ children }: Bud<unknown>): number {
  let count = Math.max(0, children.size - 1);
  for (const child of children.values()) count += countBranches(child);
  return count;
}

/** Writes a node and all below it, which take the numbers behind its own. @returns the next free number. */
function layOut<V>({ children, forms }: Bud<V>, node: number, tree: Tree<V>): number {
  if (forms.length > 0) {
    tree.isEnd[node] = 1;
    tree.ends.set(node, { forms, whole: orUndefined(forms.filter((form) => mayEnd(form, NO_REST))) });
  }
  let next = node + 1;
  for (const [symbol, child] of children) {
    if (next === node + 1) tree.firsts[node] = symbol;
    else addBranch(tree, { from: node, symbol, to: next });
    next = layOut(child, next, tree);
  }
  return next;
}

function addBranch(
  tree: Tree<unknown>,
  { from, symbol, to }: { readonly from: number; readonly symbol: number; readonly to: number },
): void {
  tree.branches[from] = 1;
  let place = firstPlace(from, symbol, tree.shift);
  while (tree.table[place] !== EMPTY) place += STRIDE;
  tree.table.set([from + 1, symbol, to], place);
}

/** Those of the spellings found up to `next` that may end as the text goes on; undefined where none may. */
function fitting<V>(
  { forms, whole }: Ends<V>,
  units: Uint16Array,
  next: number,
): readonly Form<V>[] | undefined {
  const end = endOfWord(units, next);
  if (end === next) return whole;
  const rest = restOf(units, next, end);
  const [only] = forms;
  // Most spellings stand for one thing: then there is nothing to pick from.
  if (forms.length === 1 && only !== undefined) return mayEnd(only, rest) ? forms : undefined;
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

import { isObject } from "./json.ts";

/** Most values looked at in one walk: more than any real tool list or call holds. */
const MAX_VALUES = 100_000;

/**
 * Characters of a value's compact JSON, escapes not counted. Iterative, so depth does not matter; what lies beyond
 * the first 100,000 values is not counted.
 */
export function jsonChars(value: unknown): number {
  let chars = 0;
  walk(value, (leaf, key) => {
    // A key brings its quotes and colon; each value a comma or a bracket.
    chars += (key === null ? 0 : key.length + 3) + leafChars(leaf) + 1;
  });
  return chars;
}

/** All strings inside a value, in order, joined by LF: what there is to read in a tool call's arguments. */
export function jsonStrings(value: unknown): string {
  const found: string[] = [];
  walk(value, (leaf) => {
    if (typeof leaf === "string") found.push(leaf);
  });
  return found.join("\n");
}

/**
 * Keys and values of a value's JSON, in order, joined by blanks, up to about so many characters: the words that
 * describe a tool. Iterative as above.
 */
export function jsonStart(value: unknown, maxChars: number): string {
  let text = "";
  walk(value, (leaf, key) => {
    if (text.length >= maxChars) return;
    if (key !== null) text += `${key} `;
    if (typeof leaf !== "object") text += `${String(leaf).slice(0, maxChars)} `;
  });
  return text.slice(0, maxChars);
}

function leafChars(leaf: unknown): number {
  if (typeof leaf === "string") return leaf.length + 2;
  if (typeof leaf === "object" && leaf !== null) return 1;
  return String(leaf).length;
}

interface Pending {
  readonly key: string | null;
  readonly value: unknown;
}

/** Visits every value, parents before children, children in order. */
function walk(root: unknown, visit: (value: unknown, key: string | null) => void): void {
  const pending: Pending[] = [{ key: null, value: root }];
  for (let seen = 0; seen < MAX_VALUES; seen += 1) {
    const next = pending.pop();
    if (next === undefined) return;
    visit(next.value, next.key);
    pushChildren(next.value, pending);
  }
}

function pushChildren(value: unknown, pending: Pending[]): void {
  if (Array.isArray(value)) {
    for (let i = Math.min(value.length, MAX_VALUES) - 1; i >= 0; i -= 1)
      pending.push({ key: null, value: value[i] });
  } else if (isObject(value)) {
    const keys = Object.keys(value).slice(0, MAX_VALUES).reverse();
    for (const key of keys) pending.push({ key, value: value[key] });
  }
}

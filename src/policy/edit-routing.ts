import {
  type Document,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { keepNumbers } from "./keep-numbers.ts";
import { partComments } from "./part-comments.ts";
import { revisionOf } from "./revision.ts";

/** A value of JSON. */
type Json = string | number | boolean | null | readonly Json[] | JsonMapping;

/** A mapping of JSON. */
export interface JsonMapping {
  readonly [key: string]: Json;
}

/**
 * Makes `routing` of a gateway.yaml say something else. What says the same stays as it is written, with its comments;
 * what is gone goes with its comments; everything outside of `routing` keeps its values.
 *
 * @param text a gateway.yaml without an error
 */
export function editRouting(text: string, routing: JsonMapping): string {
  const document = parseDocument(text, { customTags: keepNumbers });
  partComments(document.contents, text);
  const section = document.get("routing");
  if (isMap(section)) {
    handDownComment(section);
    mergeMapping(document, section, routing);
  } else document.set("routing", document.createNode(routing));
  return document.toString({
    lineWidth: 0,
    // As it is written in the file: {a: 1} or { a: 1 }.
    flowCollectionPadding: !/[{[][^\s}\]]/.test(text),
    indentSeq: !/^( *)[^\s#-][^\n]*:\n\1- /m.test(text),
  });
}

function mergeMapping(document: Document, node: YAMLMap, wanted: JsonMapping): void {
  node.items = node.items.filter(({ key }) => Object.hasOwn(wanted, keyOf(key)));
  for (const pair of node.items) {
    const value = wanted[keyOf(pair.key)];
    handDownComment(pair.value);
    if (value !== undefined) pair.value = merge(document, pair.value, value);
  }
  for (const [key, value] of Object.entries(wanted)) {
    if (!node.items.some((pair) => keyOf(pair.key) === key)) node.add(document.createPair(key, value));
  }
  dropLeadingBlank(node);
}

const keyOf = (key: unknown) => String(isScalar(key) ? key.value : key);

/** What stands right above the first entry is read as a comment on the whole: it is the entry's, and moves with it. */
function handDownComment(node: unknown): void {
  const first = firstOf(node);
  if (!isCollection(node) || node.flow === true || first === null) return;
  const comment = node.commentBefore ?? "";
  const blank = comment.lastIndexOf("\n\n");
  if (comment === "" || comment.endsWith("\n")) return;
  first.commentBefore = blank === -1 ? comment : comment.slice(blank + 2);
  node.commentBefore = blank === -1 ? null : comment.slice(0, blank + 1);
}

/** The blank line that parted an entry from the one before it. */
function dropLeadingBlank(node: YAMLMap | YAMLSeq): void {
  const first = firstOf(node);
  if (first !== null) first.spaceBefore = false;
}

/** The first entry of a list, or the first key of a mapping. */
function firstOf(node: unknown): Node | null {
  if (!isCollection(node)) return null;
  const [item] = node.items;
  const first = isPair(item) ? item.key : item;
  return isNode(first) ? first : null;
}

/** The node itself where it can say what is wanted, else a new one. */
function merge(document: Document, node: unknown, wanted: Json): unknown {
  if (isMap(node) && isMapping(wanted)) mergeMapping(document, node, wanted);
  else if (isSeq(node) && Array.isArray(wanted)) mergeList(document, node, wanted);
  else if (isScalar(node) && (wanted === null || typeof wanted !== "object")) {
    if (node.value !== wanted) node.value = wanted;
  } else return document.createNode(wanted);
  return node;
}

function mergeList(document: Document, node: YAMLSeq, wanted: readonly Json[]): void {
  const found = node.items.map((item) => (isNode(item) ? item.toJS(document) : item));
  const partners = pairItems(found, wanted);
  node.items = wanted.map((value, index) => {
    const partner = partners.get(index);
    return partner === undefined ? document.createNode(value) : merge(document, node.items[partner], value);
  });
  dropLeadingBlank(node);
}

/** Says by what an item of a list is recognised; undefined where it has no such mark. */
type Mark = (value: unknown, index: number) => string | undefined;

/** The surest first. */
const MARKS: readonly Mark[] = [
  revisionOf,
  nameOf,
  // Renamed.
  (value) => (nameOf(value) === undefined ? undefined : revisionOf({ ...Object(value), name: null })),
  // Two names are two things, also in the same place.
  (value, index) => (nameOf(value) === undefined ? String(index) : undefined),
];

/** The index that each wanted item, by its own, has among those found. */
function pairItems(found: readonly unknown[], wanted: readonly unknown[]): ReadonlyMap<number, number> {
  const partners = new Map<number, number>();
  const taken = new Set<number>();
  for (const markOf of MARKS) {
    const left = found.keys().filter((index) => !taken.has(index));
    const free = Map.groupBy(left, (index) => markOf(found[index], index));
    for (const index of wanted.keys().filter((key) => !partners.has(key))) {
      const mark = markOf(wanted[index], index);
      const partner = mark === undefined ? undefined : free.get(mark)?.shift();
      if (partner === undefined) continue;
      partners.set(index, partner);
      taken.add(partner);
    }
  }
  return partners;
}

function nameOf(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || !("name" in value)) return undefined;
  return typeof value.name === "string" ? value.name : undefined;
}

function isMapping(value: Json): value is JsonMapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

import { type Document, isMap, isScalar, isSeq, parseDocument, type YAMLMap, type YAMLSeq } from "yaml";

/** A value of JSON. */
type Json = string | number | boolean | null | readonly Json[] | JsonMapping;

/** A mapping of JSON. */
export interface JsonMapping {
  readonly [key: string]: Json;
}

/**
 * Makes `routing` of a gateway.yaml say something else. What says the same stays as it is written, with its comments;
 * everything outside of `routing` keeps its values.
 *
 * @param text a gateway.yaml without an error
 */
export function editRouting(text: string, routing: JsonMapping): string {
  const document = parseDocument(text);
  const section = document.get("routing");
  if (isMap(section)) mergeMapping(document, section, routing);
  else document.set("routing", document.createNode(routing));
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
    if (value !== undefined) pair.value = merge(document, pair.value, value);
  }
  for (const [key, value] of Object.entries(wanted)) {
    if (!node.items.some((pair) => keyOf(pair.key) === key)) node.add(document.createPair(key, value));
  }
}

const keyOf = (key: unknown) => String(isScalar(key) ? key.value : key);

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
  node.items = wanted.map((value, index) => {
    const item = node.items[index];
    return item === undefined ? document.createNode(value) : merge(document, item, value);
  });
}

function isMapping(value: Json): value is JsonMapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

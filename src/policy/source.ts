/** A value of gateway.yaml and where it stands. Lines are 1-based; an entry of a mapping has its key's line. */
export type SourceNode = ScalarNode | ListNode | MappingNode;

/** A text, number, true, false, or nothing. */
interface ScalarNode {
  readonly kind: "scalar";
  readonly line: number;
  readonly value: string | number | boolean | null;
}

interface ListNode {
  readonly kind: "list";
  readonly line: number;
  readonly items: readonly SourceNode[];
}

export interface MappingNode {
  readonly kind: "mapping";
  readonly line: number;
  readonly entries: ReadonlyMap<string, SourceNode>;
}

/** Where in the file: keys of mappings and 0-based indices of lists. */
export type Path = readonly (string | number)[];

/** The part of a node under a key or an index, undefined where there is none. */
export function childOf(node: SourceNode, step: string | number): SourceNode | undefined {
  if (node.kind === "mapping") return node.entries.get(String(step));
  return node.kind === "list" && typeof step === "number" ? node.items[step] : undefined;
}

/** The node at a path, undefined where the file has none. */
export function nodeAt(root: SourceNode, path: Path): SourceNode | undefined {
  return path.reduce<SourceNode | undefined>((node, step) => node && childOf(node, step), root);
}

/** Line of a path, or of what holds it where the file has no such path. */
export function lineAt(root: SourceNode, path: Path): number {
  let node = root;
  for (const step of path) {
    const child = childOf(node, step);
    if (child === undefined) break;
    node = child;
  }
  return node.line;
}

/** Entries of a mapping; none where the node is something else. */
export function entriesOf(node: SourceNode | undefined): readonly (readonly [string, SourceNode])[] {
  return node?.kind === "mapping" ? Array.from(node.entries) : [];
}

/** Items of a list; none where the node is something else. */
export function itemsOf(node: SourceNode | undefined): readonly SourceNode[] {
  return node?.kind === "list" ? node.items : [];
}

/** The text of a node; null where it is something else. */
export function textOf(node: SourceNode | undefined): string | null {
  return node?.kind === "scalar" && typeof node.value === "string" ? node.value : null;
}

/** The value as plain JavaScript data. */
export function toPlain(node: SourceNode): unknown {
  switch (node.kind) {
    case "scalar":
      return node.value;
    case "list":
      return node.items.map(toPlain);
    case "mapping":
      return Object.fromEntries(Array.from(node.entries, ([key, value]) => [key, toPlain(value)]));
    default:
      return node satisfies never;
  }
}

/** Longest text shown in a message, in UTF-16 code units. */
const MAX_SHOWN_CHARS = 60;

/**
 * What was found at a path, for a message: the value as it is written in the file (never what a variable
 * holds), URLs cut to their scheme because they may carry a password.
 */
export function describe(node: SourceNode | undefined): string {
  if (node === undefined) return "nothing";
  if (node.kind === "mapping") return "a mapping";
  if (node.kind === "list") return describeList(node);
  if (node.value === null) return "nothing";
  return typeof node.value === "string" ? quote(node.value) : String(node.value);
}

function describeList({ items }: ListNode): string {
  const short = items.every((item) => item.kind === "scalar") && items.length <= 4;
  if (short) return `[${items.map(describe).join(", ")}]`;
  return `a list of ${items.length} ${items.length === 1 ? "entry" : "entries"}`;
}

/** A name of the file in quotes, cut where it is long. */
export function quote(text: string): string {
  const shown = text.replace(/(:\/\/).*/s, "$1…");
  return JSON.stringify(shown.length > MAX_SHOWN_CHARS ? `${shown.slice(0, MAX_SHOWN_CHARS)}…` : shown);
}

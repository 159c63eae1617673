import { isCollection, isNode, isPair, type Node } from "yaml";

/**
 * Gives comments that stand at the indent of the next entry to that entry: behind one that is indented further, YAML
 * takes them for comments on the end of the entry before.
 *
 * @param node a node of a parsed document; it is changed
 * @param text what the document was parsed from
 */
export function partComments(node: unknown, text: string): void {
  if (!isCollection(node) || node.flow === true) return;
  for (const [index, item] of node.items.entries()) {
    const value = isPair(item) ? item.value : item;
    const next = headOf(node.items[index + 1]);
    if (next !== null) handOn(value, next, text);
    partComments(value, text);
  }
}

function headOf(item: unknown): Node | null {
  const head = isPair(item) ? item.key : item;
  return isNode(head) ? head : null;
}

function handOn(value: unknown, next: Node, text: string): void {
  const holder = holderOf(value);
  if (holder?.range == null || next.range == null || next.commentBefore != null) return;
  const source = text.slice(holder.range[1], holder.range[2]).split("\n").filter(isComment);
  const lines = (holder.comment ?? "").split("\n");
  const written = lines.flatMap((line, index) => (line === "" ? [] : [index]));
  const indent = indentOf(text.slice(text.lastIndexOf("\n", next.range[0] - 1) + 1));
  const first = source.findIndex((line) => indentOf(line) <= indent);
  const at = written[first];
  if (at === undefined || source.length !== written.length) return;
  next.commentBefore = lines.slice(at).join("\n");
  next.spaceBefore = lines[at - 1] === "";
  holder.comment = lines.slice(0, at).join("\n").trimEnd() || null;
}

/** The last collection inside of a value: it has the comments that follow the value. */
function holderOf(value: unknown): Node | null {
  if (!isCollection(value) || value.flow === true) return null;
  if (value.comment != null) return value;
  const last = value.items.at(-1);
  return holderOf(isPair(last) ? last.value : last);
}

const isComment = (line: string) => /^\s*#/.test(line);
const indentOf = (line: string) => line.length - line.trimStart().length;

import { shortText } from "./clean-text.ts";
import { isObject } from "./json.ts";
import type { Notes } from "./notes.ts";

/** Most tools of a request whose names are kept. */
const MAX_TOOLS = 1_000;

/** Longest tool name kept, in UTF-16 code units. */
const MAX_NAME = 256;

/** Names of the tools in a list of any wire format; a tool without a name goes by its type. */
export function toolNames(list: unknown, path: string, notes: Notes): string[] {
  if (list === undefined || list === null) return [];
  if (!Array.isArray(list)) {
    notes.add(path, "no list: left out");
    return [];
  }
  if (list.length > MAX_TOOLS) notes.add(path, `more than ${MAX_TOOLS} tools: the rest left out`);
  return list.slice(0, MAX_TOOLS).flatMap((tool: unknown, i) => {
    const name = nameOf(tool);
    if (name !== null) return [shortText(name, MAX_NAME, { path: `${path}[${i}]`, notes })];
    notes.add(`${path}[${i}]`, "a tool without a name: left out");
    return [];
  });
}

function nameOf(tool: unknown): string | null {
  if (!isObject(tool)) return null;
  const inner = [tool.function, tool.custom].find(isObject);
  const name = inner?.name ?? tool.name ?? tool.type;
  return typeof name === "string" && name !== "" ? name : null;
}

import type { JsonObject } from "./json.ts";
import { isObject } from "./json.ts";

/** What a body asks for besides its messages, where it stands in that wire format. */
export interface Asked {
  /** Name of the body's field that limits the output, and what it holds. */
  readonly maxOutput: { readonly path: string; readonly value: unknown };
  readonly structuredOutput: boolean;
  /** Lists of tools, with their paths. */
  readonly toolLists: readonly { readonly path: string; readonly list: unknown }[];
}

/** The first of these fields that the body sets, the first name where it sets none. */
export function firstField(body: JsonObject, names: readonly [string, ...string[]]): Asked["maxOutput"] {
  const path = names.find((name) => body[name] !== undefined && body[name] !== null) ?? names[0];
  return { path, value: body[path] };
}

/** Whether a format setting asks for JSON or for a JSON schema. */
export function asksForJson(format: unknown): boolean {
  return isObject(format) && (format.type === "json_schema" || format.type === "json_object");
}

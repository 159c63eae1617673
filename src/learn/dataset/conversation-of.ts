import type { RouteRequest } from "../../request/route-request.ts";
import { digestOf } from "./digest-of.ts";

/** Which conversation a line of outcomes is of: lines that begin with the same turn are of one, as it grew. */
export function conversationOf({ turns }: Pick<RouteRequest, "turns">, id: string): string {
  return digestOf(turns[0]?.text ?? id);
}

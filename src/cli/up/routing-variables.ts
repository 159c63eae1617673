import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { environmentNames } from "./model-list.ts";

const routingFile = z.looseObject({ routing: z.unknown() });

/**
 * Gives a function that tells which variables `routing` of a gateway.yaml refers to, as the file is by then. Of a file
 * that cannot be read it tells what it told last.
 */
export function followRoutingVariables(gatewayFile: string): () => readonly string[] {
  let last: readonly string[] = [];
  return () => {
    try {
      last = environmentNames(routingFile.parse(parse(readFileSync(gatewayFile, "utf8"))).routing);
    } catch {
      // Somebody is at work on it. The sidecar says what is wrong.
    }
    return last;
  };
}

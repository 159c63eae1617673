import { z } from "zod";
import { artifactSchema } from "../src/classify/ml/artifact.ts";

/** docs/artifact.schema.json: the form of a trained classifier's file, as the loader has it. */
export function artifactJsonSchema(): string {
  const { $schema, ...schema } = z.toJSONSchema(artifactSchema, { io: "input" });
  return `${JSON.stringify({ $schema, title: "A trained classifier of Signalbox", ...schema }, null, 2)}\n`;
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { z } from "zod";

const tierLabelSchema = z.object({
  id: z.string(),
  split: z.string(),
  prompt: z.string(),
  expected_tier: z.string(),
  category: z.string(),
  lang: z.string(),
});

const promptSchema = z.object({
  id: z.string(),
  set: z.string(),
  prompt: z.string(),
  category: z.string().nullish(),
  lang: z.string().nullish(),
});

/** A prompt of a public set, with what its authors say of it. */
export interface DataPrompt {
  readonly id: string;
  readonly set: string;
  readonly prompt: string;
  /** The set's own name of the kind of work; null where it has none. */
  readonly category: string | null;
  /** ISO 639-1; null where the set does not say. */
  readonly lang: string | null;
  /** A person's label, upper case; null where it has none. */
  readonly tier: string | null;
}

/** Reads the prompts of `prompts-dev.jsonl.gz` and `tier-labels-dev.jsonl.gz` in a folder. */
export function readPrompts(folder: string): DataPrompt[] {
  const labelled = readLines(join(folder, "tier-labels-dev.jsonl.gz"), tierLabelSchema);
  const others = readLines(join(folder, "prompts-dev.jsonl.gz"), promptSchema);
  return [
    ...labelled.map(({ split, expected_tier: tier, ...row }) => ({
      ...row,
      set: `tier-labels ${split}`,
      tier,
    })),
    ...others.map(({ category, lang, ...row }) => ({
      id: row.id,
      set: row.set,
      prompt: row.prompt,
      category: category ?? null,
      lang: lang ?? null,
      tier: null,
    })),
  ];
}

function readLines<T>(path: string, schema: z.ZodType<T>): T[] {
  const lines = gunzipSync(readFileSync(path)).toString("utf8").trim().split("\n");
  return lines.map((line) => schema.parse(JSON.parse(line)));
}

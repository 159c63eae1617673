import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { read } from "./read.ts";

const vectorsSchema = z.array(
  z.object({
    title: z.string(),
    call_type: z.string(),
    body: z.record(z.string(), z.unknown()),
    facts: z.record(z.string(), z.unknown()),
  }),
);

// The callback's tests read the same file, so that both sides see the same in a body.
const vectors = vectorsSchema.parse(
  JSON.parse(readFileSync(new URL("./callback-facts.json", import.meta.url), "utf8")),
);

const camelCase = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

describe("the facts of a body, as the callback has them", () => {
  test.each(vectors)("$title", ({ body, call_type, facts }) => {
    const wanted = Object.fromEntries(Object.entries(facts).map(([name, value]) => [camelCase(name), value]));
    expect(read(body, { call_type }).facts).toMatchObject(wanted);
  });
});

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { loadPolicyText } from "../../src/policy/load.ts";

const ROOT = join(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(join(ROOT, file), "utf8");
const schema = z.fromJSONSchema(JSON.parse(read("gateway.schema.json")));
const accepts = (text: string) => schema.safeParse(parse(text)).success;

describe("gateway.schema.json", () => {
  it("takes the gateway.yaml that ships, which names it for editors", () => {
    const text = read("gateway.yaml");
    expect(text.split("\n")[0]).toBe("# yaml-language-server: $schema=gateway.schema.json");
    expect(schema.safeParse(parse(text)).error?.issues).toBeUndefined();
  });

  it("takes every key that there is, and variables in place of values", () => {
    const text = read("test/policy/valid.yaml");
    expect(schema.safeParse(parse(text)).error?.issues).toBeUndefined();
    expect(accepts(text.replace("mode: shadow", "mode: os.environ/MODE"))).toBe(true);
  });

  const SHAPE =
    /unknown key|expected one of (enforce|strict|auto)|expected an integer|expected true or false/;
  const bad = readdirSync(join(ROOT, "test/policy/bad")).filter((file) => {
    const result = loadPolicyText(read(`test/policy/bad/${file}`), { file, env: {} });
    return !result.ok && result.problems.some(({ path, message }) => path !== "" && SHAPE.test(message));
  });

  it("finds files with mistakes of shape", () => {
    expect(bad.length).toBeGreaterThan(3);
  });

  it.each(bad)("refuses the mistake of shape in %s, as the loader does", (file) => {
    expect(accepts(read(`test/policy/bad/${file}`))).toBe(false);
  });
});

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { compileGlob, compileWildcard, MAX_PATTERN_CHARS } from "../../src/policy/glob.ts";
import { cpuMs } from "../support/cpu-time.ts";

const rows = z
  .array(z.tuple([z.string(), z.string(), z.boolean()]))
  .parse(JSON.parse(readFileSync(new URL("glob-fnmatch.json", import.meta.url), "utf8")));

describe("compileGlob()", () => {
  it("has a table with hundreds of answers of either kind", () => {
    const yes = rows.filter(([, , wanted]) => wanted).length;
    expect([yes, rows.length - yes].every((count) => count >= 80)).toBe(true);
  });

  it("gives the answers of Python's fnmatchcase", () => {
    const different = rows.filter(([pattern, name, wanted]) => compileGlob(pattern).matches(name) !== wanted);
    expect(different).toEqual([]);
  });

  it("matches a hostile pattern within milliseconds", () => {
    const glob = compileGlob("*a".repeat(MAX_PATTERN_CHARS / 2));
    const tookMs = cpuMs(() => expect(glob.matches(`${"a".repeat(20_000)}b`)).toBe(false));
    expect(tookMs).toBeLessThan(500);
  });

  it("keeps the pattern as it was written", () => {
    expect(compileGlob("claude-*/x").source).toBe("claude-*/x");
  });

  it("refuses a pattern above the cap", () => {
    expect(() => compileGlob("x".repeat(MAX_PATTERN_CHARS + 1))).toThrow(
      "Cannot compile a pattern of 257 characters, expected at most 256",
    );
  });
});

describe("compileWildcard()", () => {
  it("gives only the star a meaning", () => {
    const glob = compileWildcard("a[b]?/*");
    expect(["a[b]?/x", "a[b]?/x/y", "ab?/x", "a[b]c/x"].map(glob.matches)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

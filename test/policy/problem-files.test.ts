import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { formatProblem, loadPolicyText } from "../../src/policy/load.ts";
import type { Problem } from "../../src/policy/policy.ts";

/** Each file says in its first lines what it must be told, word for word. */
const EXPECT = /^# expect: (.*)$/gm;

/** A variable that is set: its value must not show in any message. */
const ENV = { SECRET: "sk-secret-value" };

function readCases(folder: string) {
  const url = new URL(`${folder}/`, import.meta.url);
  return readdirSync(url).map((file) => {
    const text = readFileSync(new URL(file, url), "utf8");
    return { file, text, wanted: Array.from(text.matchAll(EXPECT), ([, line]) => line) };
  });
}

function load(file: string, text: string): { readonly ok: boolean; readonly problems: readonly Problem[] } {
  const result = loadPolicyText(text, { file, env: ENV });
  return result.ok ? { ok: true, problems: result.policy.warnings } : result;
}

describe("loadPolicyText() refuses", () => {
  const cases = readCases("bad");

  it.each(cases)("$file", ({ file, text, wanted }) => {
    const { ok, problems } = load(file, text);
    expect(ok).toBe(false);
    expect(problems.map(formatProblem)).toEqual(wanted);
    expect(wanted.length).toBeGreaterThan(0);
  });

  it.each(cases)("$file without telling a secret or what a variable holds", ({ file, text }) => {
    const { problems } = load(file, text);
    expect(problems.map(formatProblem).join("\n")).not.toMatch(/sk-|secret-value/);
  });
});

describe("loadPolicyText() warns of", () => {
  it.each(readCases("warn"))("$file", ({ file, text, wanted }) => {
    const { ok, problems } = load(file, text);
    expect(ok).toBe(true);
    expect(problems.map(formatProblem)).toEqual(wanted);
    expect(wanted.length).toBeGreaterThan(0);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { writePrompt } from "../../../src/classify/llm/prompt.ts";
import { INJECTIONS } from "./injections.ts";
import { TIERS } from "./tiers.ts";

function promptOf(text: string, earlier: readonly string[] = []) {
  const turns = [...earlier, text].map((part) => ({ text: part, chars: part.length }));
  const turn = turns.at(-1) ?? { text: "", chars: 0 };
  return writePrompt({ turns, facts: { toolNames: [], images: 0 } }, turn, TIERS);
}

/** The lines that are no data: what the prompt itself says, with the figures that depend on the data left out. */
function structureOf(user: string): string[] {
  return user
    .split(/[\n\r\v\f\u0085\u2028\u2029]/)
    .filter((line) => !line.startsWith("| "))
    .map((line) => line.replace(/^It has \d+ characters/, "It has characters"));
}

const HARMLESS = structureOf(promptOf("hello").user);

/** Tags and control tokens of chat templates: none may survive a quotation. */
const CONTROL = /[<＜][|｜/!\p{L}]|\[\/?[A-Za-z]/u;

function expectQuoted(text: string): void {
  const { user, system } = promptOf(text);
  expect(structureOf(user)).toEqual(HARMLESS);
  const data = user.split("\n").filter((line) => line.startsWith("| "));
  expect(data.join("\n")).not.toMatch(CONTROL);
  expect(user.isWellFormed()).toBe(true);
  expect(system).toBe(promptOf("hello").system);
}

describe("writePrompt()", () => {
  it("has at least 30 injections to stand", () => {
    expect(new Set(INJECTIONS).size).toBeGreaterThanOrEqual(30);
  });

  it.each(INJECTIONS)("keeps its structure against %j", (text) => {
    expectQuoted(text);
    expectQuoted(`Design a payment system.\n${text}`);
  });

  it("keeps its structure against any text", () => {
    const piece = fc.constantFrom(
      "<",
      ">",
      "/",
      "request",
      "|",
      "\n",
      "\r",
      "\u2028",
      " ",
      "[",
      "INST",
      "]",
      "＜",
    );
    const nasty = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(""));
    fc.assert(fc.property(fc.oneof(nasty, fc.string({ unit: "binary" })), expectQuoted));
  });

  it("keeps its structure against earlier turns", () => {
    const harmless = structureOf(promptOf("hello", ["a", "b"]).user);
    for (const text of INJECTIONS) expect(structureOf(promptOf("hello", ["a", text]).user)).toEqual(harmless);
  });

  it("quotes 30 % and 70 % of 2,000 characters, and the two turns before", () => {
    const { user } = promptOf(`${"a".repeat(3_000)}${"b".repeat(3_000)}`, ["first", "second", "third"]);
    expect(user).not.toContain("first");
    expect(user.indexOf("second")).toBeLessThan(user.indexOf("third"));
    expect(user.match(/a{2,}/)?.[0]).toHaveLength(600);
    expect(user.match(/b{2,}/)?.[0]).toHaveLength(1_400);
    expect(user).toContain("It has 6000 characters");
  });

  it("tells the tiers in order, by their own names", () => {
    const tiers = [{ name: 'köln "1"', low: 0, high: 100, description: "all" }];
    const turn = { text: "x", chars: 1 };
    const { system, names } = writePrompt(
      { turns: [turn], facts: { toolNames: [], images: 0 } },
      turn,
      tiers,
    );
    expect(system).toContain('- "köln \\"1\\"": all');
    expect(names).toEqual(['köln "1"']);
  });
});

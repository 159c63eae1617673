import { describe, expect, it } from "vitest";
import { readAnswer } from "../../../src/classify/llm/read-answer.ts";

const NAMES = ["simple", "medium", "complex"];

describe("readAnswer()", () => {
  it.each(['{"tier": "medium"}', ' \n{"tier":"medium"}\n\n'])("takes %j", (text) => {
    expect(readAnswer(text, NAMES)).toBe("medium");
  });

  it.each([
    ["", "unreadable"],
    [" \n ", "unreadable"],
    ["medium", "unreadable"],
    ['{"tier": "medium"', "unreadable"],
    ['{"tier": "medium", "because": "x"}', "unreadable"],
    ['{"tier": ["medium"]}', "unreadable"],
    ["null", "unreadable"],
    ['{"tier": "Medium"}', "outside"],
    ['{"tier": "hard"}', "outside"],
    ['<think>\nhm\n</think>{"tier": "medium"}', "thinking"],
  ])("refuses %j as %s", (text, kind) => {
    expect(() => readAnswer(text, NAMES)).toThrow(expect.objectContaining({ kind }));
  });
});

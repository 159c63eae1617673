import { describe, expect, test } from "vitest";
import { readStructure } from "../../src/classify/structure.ts";

describe("readStructure()", () => {
  test.each([
    ["a, b; c", 2],
    ["包括甲、乙，丙；丁", 3],
    ["- one\n- two\n* three", 3],
    ["well-known - and so on", 0],
    ["", 0],
  ])("counts the parts of %j", (text, parts) => {
    expect(readStructure(text).parts).toBe(parts);
  });

  test.each([
    ["in 1999 and 2024", 2],
    ["3.14", 2],
    ["x1y22z", 2],
    ["none", 0],
  ])("counts the numbers of %j", (text, numbers) => {
    expect(readStructure(text).numbers).toBe(numbers);
  });

  test.each(["n² ≥ 4", "\\frac{1}{2}", "2^n", "x = y", "∀x"])("sees mathematics in %j", (text) => {
    expect(readStructure(text).hasMaths).toBe(true);
  });

  test("sees no mathematics in prose", () => {
    expect(readStructure("Nothing (really) here: not 5 %, not $3!").hasMaths).toBe(false);
  });
});

import { describe, expect, test } from "vitest";
import { readCode } from "../../src/classify/code-signals.ts";

describe("readCode()", () => {
  test("parts prose from fenced code", () => {
    const code = readCode("Fix this:\n```py\nx = 1\ny = 2\n```\nand that: ```z```");
    expect(code).toMatchObject({ blocks: 2, lines: 3, hasErrorTrace: false });
    expect(code.prose).not.toContain("x = 1");
    expect(code.prose).toContain("and that");
  });

  test("takes a fence that does not close to the end", () => {
    expect(readCode("see\n```\na\nb\nc")).toMatchObject({ prose: "see\n\n", blocks: 1, lines: 3 });
  });

  test.each([
    ["def f(x):\n    return x\n", 2],
    ["const a = 1;\nconst b = 2;\nlog(a + b);", 3],
    ["SELECT name\nFROM users\nWHERE id = 3", 3],
    ["#include <stdio.h>\nint main() {\n  return 0;\n}", 4],
  ])("sees unfenced code in %j", (text, lines) => {
    expect(readCode(text)).toMatchObject({ blocks: 1, lines });
  });

  test.each(["Dear team,\n\nplease let me know.\n\nBest wishes", "import duties rose;\nthat is all", ""])(
    "sees no code in %j",
    (text) => {
      expect(readCode(text)).toMatchObject({ blocks: 0, lines: 0, hasErrorTrace: false });
    },
  );

  test.each([
    "Traceback (most recent call last):",
    "TypeError: x is not a function",
    "java.lang.NullPointerException",
    "1 test FAILED",
    "panic: runtime error",
  ])("sees the error in %j, without a fence", (text) => {
    expect(readCode(text).hasErrorTrace).toBe(true);
  });
});

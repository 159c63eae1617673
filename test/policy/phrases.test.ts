import { describe, expect, it } from "vitest";
import { ESCALATE_PHRASES } from "../../src/policy/escalate-phrases.ts";
import { compilePhrases } from "../../src/policy/phrases.ts";
import { meanCpuMs } from "../support/cpu-time.ts";

const { find } = compilePhrases(["think harder", "escalate", "Don’t  Guess", "再想想", "!"]);

describe("compilePhrases()", () => {
  it.each([
    ["Think  HARDER!", { phrase: "think harder", rest: "" }],
    ["please, think\nharder about it", { phrase: "think harder", rest: "please about it" }],
    ["don't guess this time", { phrase: "don't guess", rest: "this time" }],
    ["Escalate: why?", { phrase: "escalate", rest: "why" }],
    ["why? escalate...", { phrase: "escalate", rest: "why" }],
    ["请再想想吧", { phrase: "再想想", rest: "请 吧" }],
    ["I escalate it", null],
    ["rethink harder", null],
    ["think harderness", null],
    ["think", null],
    ["!", null],
    ["", null],
  ])("finds in %j", (text, found) => {
    expect(find(text)).toEqual(found);
  });

  it("looks at both ends of a long text, and not at what stands between", () => {
    const middle = "a word ".repeat(100);
    expect(find(`think harder ${middle}`)?.phrase).toBe("think harder");
    expect(find(`${middle} think harder`)?.phrase).toBe("think harder");
    expect(find(`${middle} think harder ${middle}`)).toBeNull();
    // Where the tail begins, "xthink harder" is no phrase although it is cut between x and t.
    const cut = `x`.repeat(500);
    expect(find(`${cut}think harder${"y".repeat(200 - "think harder".length)}`)).toBeNull();
  });

  it("keeps all of a long text beside the phrase", () => {
    const text = `${"a word ".repeat(100)} think harder`;
    expect(find(text)?.rest).toBe(text);
  });

  it("finds each phrase of the built-in list", () => {
    const builtIn = compilePhrases(ESCALATE_PHRASES);
    for (const phrase of ESCALATE_PHRASES) expect(builtIn.find(phrase)?.rest, phrase).toBe("");
  });

  it("takes no longer for a long text", () => {
    const builtIn = compilePhrases(ESCALATE_PHRASES);
    const timeOf = (text: string) => meanCpuMs(() => builtIn.find(text));
    expect(timeOf("think ".repeat(20_000))).toBeLessThan(10 * timeOf("think ".repeat(60)));
  });
});

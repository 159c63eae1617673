import { describe, expect, test } from "vitest";
import { EDITS } from "../../../bench/quality/edits.ts";

const PROMPT = "Explain the second paragraph of this contract. Who pays the deposit?";

function apply(name: string, prompt: string, lang = "en"): string {
  const edit = EDITS.find((one) => one.name === name);
  if (edit === undefined) throw new Error(`Cannot apply ${name}: found ${EDITS.map((one) => one.name)}`);
  return edit.apply(prompt, lang);
}

describe("EDITS", () => {
  test.each(EDITS)("changes a prompt and is the same in each run: $name", (edit) => {
    expect(edit.apply(PROMPT, "en")).not.toBe(PROMPT);
    expect(edit.apply(PROMPT, "en")).toBe(edit.apply(PROMPT, "en"));
  });

  test("puts phrases into the prompt's language, English where it has none", () => {
    expect(apply("greeting before", "Wer zahlt?", "de")).toBe("Hallo! Wer zahlt?");
    expect(apply("greeting before", "Kuka maksaa?", "fi")).toBe("Hi there! Kuka maksaa?");
  });

  test("swaps letters of about one word in ten, and no others", () => {
    const words = Array.from({ length: 2_000 }, (_, i) => `w${String.fromCharCode(97 + (i % 26))}ordly`);
    const typed = apply("typo in one word in ten", words.join(" ")).split(" ");
    const changed = typed.filter((word, i) => word !== words[i]);
    expect(typed.map((word) => [...word].sort().join(""))).toEqual(
      words.map((word) => [...word].sort().join("")),
    );
    expect(changed.length / words.length).toBeGreaterThan(0.05);
    expect(changed.length / words.length).toBeLessThan(0.15);
  });

  test("leaves the words alone where only white space changes", () => {
    const spaced = apply("white space", PROMPT);
    expect(spaced).toContain(".  Who");
    expect(spaced.trim().split(/\s+/)).toEqual(PROMPT.split(" "));
  });
});

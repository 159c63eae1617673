import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { withoutCourtesies } from "../../src/classify/courtesy.ts";
import { meanCpuMs } from "../support/cpu-time.ts";

function stripped(text: string): string {
  return withoutCourtesies({ text, chars: text.length }).text;
}

describe("withoutCourtesies()", () => {
  test.each([
    ["Hi there! Prove it", "Prove it"],
    ["Hi Claude, explain tides", "explain tides"],
    ["Good morning! I have a question: what is a tide?", "what is a tide?"],
    ["Explain tides. Thanks in advance!", "Explain tides."],
    ["Explain tides Thanks in advance!", "Explain tides"],
    ["Explain tides\n\nthanks", "Explain tides"],
    ["Explain tides (for my history class)", "Explain tides"],
    ["Could you please help me with the following? Explain tides", "Explain tides"],
    ["你好！证明素数无限 先谢谢了！", "证明素数无限"],
    ["¡Hola! Explica las mareas ¡Gracias de antemano!", "Explica las mareas"],
    ["Peux-tu m'aider avec ceci, s'il te plaît ? Explique les marées", "Explique les marées"],
    ["Помогите, пожалуйста, со следующим. Докажи это Заранее спасибо!", "Докажи это"],
    ["Hallo! Erkläre Ebbe und Flut (für meinen Geschichtskurs)", "Erkläre Ebbe und Flut"],
  ])("takes manners off: %s", (text, rest) => {
    expect(stripped(text)).toBe(rest);
  });

  test.each([
    "Hello",
    "Thanks a lot!",
    "Hello world program in C",
    "Hey Jude lyrics",
    "Hi-res images: how are they stored?",
    "How do you say thank you",
    "How do you say 'thank you'?",
    "Translate: thank you very much",
    "翻译：谢谢",
    "Write a thank you note",
    "Show that f(x) >= 0 (for all x)",
    "",
  ])("leaves what is asked: %s", (text) => {
    expect(stripped(text)).toBe(text);
  });

  test("gives the same turn where there is nothing to take off", () => {
    const turn = { text: "Explain tides", chars: 13 };
    expect(withoutCourtesies(turn)).toBe(turn);
  });

  test("takes as much off the length before the cut", () => {
    expect(withoutCourtesies({ text: "Hi! Explain tides", chars: 1_017 })).toEqual({
      text: "Explain tides",
      chars: 1_013,
    });
  });

  test("is total, and leaves a part of the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 500 }), (text) => {
        expect(text).toContain(stripped(text));
      }),
    );
  });

  test.each(["a", "(for my ", "Hi! ", "Thanks! ", ". ", "("])(
    "takes no longer for a megabyte of %j",
    (unit) => {
      const text = unit.repeat(1_000_000 / unit.length);
      expect(meanCpuMs(() => stripped(text))).toBeLessThan(5);
    },
  );
});

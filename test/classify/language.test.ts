import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { LANGUAGE_CODES } from "../../src/classify/language/language-codes.ts";
import { languageOf } from "../../src/classify/language.ts";
import { meanCpuMs } from "../support/cpu-time.ts";

const texts = z
  .record(z.enum(LANGUAGE_CODES), z.array(z.string()))
  .parse(parse(readFileSync(new URL("./language/texts.yaml", import.meta.url), "utf8")));

const labelled = Object.entries(texts).flatMap(([language, list]) =>
  list.map((text) => ({ language, text })),
);

describe("languageOf()", () => {
  test.each(labelled)("calls $language: $text", ({ language, text }) => {
    expect(languageOf(text)).toBe(language);
  });

  test.each(labelled)(
    "calls $language with its accents behind their letters: $text",
    ({ language, text }) => {
      expect(languageOf(text.normalize("NFD"))).toBe(language);
    },
  );

  test.each(["AI ethics", "AI agents", "latest AI models"])(
    "takes AI for no word of a language: %s",
    (text) => {
      expect(languageOf(text)).toBeNull();
    },
  );

  test.each(["", "   ", "42 + 17 = ?", "???", "🎉🎉", "asdfghjkl"])("says nothing of %j", (text) => {
    expect(languageOf(text)).toBeNull();
  });

  test.each([
    ["fr", "J'ai besoin d'aide"],
    ["pt", "preciso de ajuda"],
    ["nl", "Kun je mij helpen?"],
    ["pl", "Pomoz mi napisac list"],
    ["sk", "Potrebujem pomôcť s kódom"],
    ["no", "Jeg trenger hjelp med koden min"],
    ["en", "run tests"],
  ])("knows short requests for help: %s", (language, text) => {
    expect(languageOf(text)).toBe(language);
  });

  test.each([
    ["en", 'Can you say "今天天气很好" in other words, and what is it about?'],
    ["zh", "为这个 Python library 写一个 README.md，包含 installation 的说明"],
    ["ja", "Reactのコンポーネントをテストしたい"],
    ["ru", "Есть redis cluster из трёх nodes"],
    ["de", "Was bedeutet HTTP/2 für meine React App?"],
  ])("takes the language of most of a mixed text: %s", (language, text) => {
    expect(languageOf(text)).toBe(language);
  });

  test("reads the beginning and the end, whatever is pasted between", () => {
    const pasted = "x = (y + 1) % 7; ".repeat(10_000);
    expect(languageOf(`Pourquoi est-ce que cette fonction ne marche pas ? ${pasted}`)).toBe("fr");
    expect(languageOf(`${pasted} Pourquoi est-ce que cette fonction ne marche pas ?`)).toBe("fr");
  });

  test("is total", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 3_000 }), (text) => {
        const language = languageOf(text);
        expect(language === null || LANGUAGE_CODES.includes(language)).toBe(true);
      }),
    );
  });

  test.each(["a", "的", "(", "7", "the de и "])("takes no longer for a megabyte of %j", (unit) => {
    const text = unit.repeat(1_000_000 / unit.length);
    expect(meanCpuMs(() => languageOf(text))).toBeLessThan(5);
  });
});

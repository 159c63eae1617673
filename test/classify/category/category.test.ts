import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { CATEGORIES, type Category } from "../../../src/classify/category/categories.ts";
import { categoryOf } from "../../../src/classify/category/category.ts";
import { read } from "../../request/read.ts";
import { meanCpuMs } from "../../support/cpu-time.ts";

const prompts = z
  .record(z.enum(CATEGORIES), z.array(z.string()))
  .parse(parse(readFileSync(new URL("./prompts.yaml", import.meta.url), "utf8")));

/** Share of our prompts, of all and of each category, that must be right. */
const MIN_ACCURACY = 0.9;
const MIN_ACCURACY_OF_EACH = 0.75;

function categoryOfPrompt(prompt: string, body: Record<string, unknown> = {}): Category {
  const request = read({ messages: [{ role: "user", content: prompt }], ...body });
  return categoryOf(request, request.turns[0] ?? { text: prompt, chars: prompt.length });
}

describe("categoryOf() on prompts of our own", () => {
  const missed = CATEGORIES.map((category) => {
    const list = prompts[category] ?? [];
    const wrong = list.filter((prompt) => categoryOfPrompt(prompt) !== category);
    return { category, size: list.length, wrong };
  });

  test("is right on nearly all", () => {
    const size = missed.reduce((sum, of) => sum + of.size, 0);
    const wrong = missed.flatMap((of) =>
      of.wrong.map((prompt) => `${prompt} -> ${categoryOfPrompt(prompt)}`),
    );
    expect(size).toBeGreaterThanOrEqual(120);
    expect(1 - wrong.length / size, wrong.join("\n")).toBeGreaterThanOrEqual(MIN_ACCURACY);
  });

  test.each(missed)("is right on most of $category", ({ size, wrong }) => {
    expect(1 - wrong.length / size, wrong.join("\n")).toBeGreaterThanOrEqual(MIN_ACCURACY_OF_EACH);
  });
});

describe("categoryOf()", () => {
  test("takes the task before the topic", () => {
    expect(categoryOfPrompt("Translate this paragraph about Python classes and SQL into French")).toBe(
      "translation",
    );
    expect(categoryOfPrompt("Summarize how the compiler, the parser and the lexer work")).toBe("writing");
  });

  test("reads accents behind their letters", () => {
    expect(categoryOfPrompt("Écris un poème sur l'été".normalize("NFD"))).toBe("writing");
  });

  test.each(["Solve 3x + 5 = 20", "Solve x^2 = 16", "2x = 10"])(
    "takes the equation %s for no code",
    (prompt) => {
      expect(categoryOfPrompt(prompt)).toBe("math");
    },
  );

  test.each(["x = y[0];", "<br/>"])("takes %s for code", (prompt) => {
    expect(categoryOfPrompt(prompt)).toBe("code");
  });

  test("reads what is asked before and behind a long paste", () => {
    const paste = "The harbour was quiet that year. ".repeat(5_000);
    expect(categoryOfPrompt(`Translate into Dutch:\n${paste}`)).toBe("translation");
    expect(categoryOfPrompt(`${paste}\nTranslate this into Dutch.`)).toBe("translation");
  });

  test("lets tools tip the balance towards agentic work only where nothing else is asked", () => {
    const tools = [{ type: "function", function: { name: "shell", parameters: {} } }];
    expect(categoryOfPrompt("now the other one", { tools })).toBe("agentic");
    expect(categoryOfPrompt("Translate this into Dutch", { tools })).toBe("translation");
  });

  test("reads what nothing points to as a question", () => {
    expect(categoryOfPrompt("zzz")).toBe("question_answering");
    expect(categoryOfPrompt("")).toBe("question_answering");
  });

  test("is total", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 3_000 }), (text) => {
        expect(CATEGORIES).toContain(categoryOfPrompt(text));
      }),
    );
  });

  test.each(["a", "的", "(", "7", "```", "\\frac{", "what is "])(
    "takes no longer for a megabyte of %j",
    (unit) => {
      const text = unit.repeat(1_000_000 / unit.length);
      const request = read({ messages: [{ role: "user", content: "x" }] });
      expect(meanCpuMs(() => categoryOf(request, { text, chars: text.length }))).toBeLessThan(5);
    },
  );
});

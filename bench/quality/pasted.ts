import { prose } from "../prose.ts";
import type { BenchClassifier } from "./classifier.ts";
import type { DataPrompt } from "./data.ts";
import type { Part } from "./part.ts";
import { showShare } from "./share.ts";

/** Questions that a person called simple, and short ones among them. */
const MAX_QUESTION = 80;
const QUESTIONS = 200;

const LENGTHS = [500, 4_000, 40_000] as const;

const PLACES = [
  { name: "before", around: (question: string, text: string) => `${text}\n\n${question}` },
  { name: "after", around: (question: string, text: string) => `${question}\n\n${text}` },
  {
    name: "around",
    around: (question: string, text: string) =>
      `${text.slice(0, text.length / 2)}\n\n${question}\n\n${text.slice(text.length / 2)}`,
  },
] as const;

/** How often a short simple question rises when plain prose is pasted beside it. */
export async function pastedTable(
  prompts: readonly DataPrompt[],
  classifiers: readonly BenchClassifier[],
): Promise<Part["tables"][number]> {
  const questions = simpleQuestions(prompts);
  const rows: string[][] = [];
  for (const length of LENGTHS)
    for (const { name, around } of PLACES) {
      const texts = questions.map((question, at) => around(question, prose(length, at + 1)));
      const cells: string[] = [];
      for (const { judge } of classifiers) {
        const before = await judge(questions);
        const after = await judge(texts);
        const count = after.filter(({ tier }, at) => tier > (before[at]?.tier ?? 0)).length;
        cells.push(showShare({ count, of: texts.length }));
      }
      rows.push([`${length.toLocaleString("en-US")} characters ${name}`, ...cells]);
    }
  return {
    caption: `${questions.length} short questions that people called simple, with plain prose pasted beside them: share that rises to a higher tier:`,
    table: { columns: ["pasted", ...classifiers.map(({ name }) => name)], rows },
  };
}

function simpleQuestions(prompts: readonly DataPrompt[]): string[] {
  return prompts
    .filter(({ tier, lang, prompt }) => tier === "SIMPLE" && lang === "en" && prompt.length <= MAX_QUESTION)
    .slice(0, QUESTIONS)
    .map(({ prompt }) => prompt);
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { ensureTestPython } from "../../scripts/python.ts";
import type { BenchClassifier, Judged } from "./classifier.ts";

const TIERS = ["SIMPLE", "MEDIUM", "COMPLEX", "REASONING"] as const;

const judgedSchema = z.strictObject({
  score: z.number(),
  tier: z
    .number()
    .int()
    .min(0)
    .max(TIERS.length - 1),
});
const answerSchema = z.strictObject({ v1: judgedSchema, v2: judgedSchema });

type Answer = z.infer<typeof answerSchema>;

/** LiteLLM's two local complexity heuristics, run by its own code in the pinned environment. */
export interface LitellmClassifiers {
  readonly classifiers: readonly BenchClassifier[];
  readonly close: () => Promise<void>;
}

/** Starts the process that scores for both. */
export async function startLitellmClassifiers(): Promise<LitellmClassifiers> {
  const { ask, close } = startScorer(await ensureTestPython());
  const known = new Map<string, Answer>();
  const answersTo = async (prompts: readonly string[]): Promise<Answer[]> => {
    const unknown = [...new Set(prompts)].filter((prompt) => !known.has(prompt));
    for (const [i, answer] of (await ask(unknown)).entries()) known.set(unknown[i] ?? "", answer);
    return prompts.flatMap((prompt) => known.get(prompt) ?? []);
  };
  const classifier = (name: string, pick: (answer: Answer) => Judged): BenchClassifier => ({
    name,
    tiers: TIERS,
    isChance: false,
    isTrainedOnOutcomes: false,
    judge: async (prompts) => (await answersTo(prompts)).map(pick),
  });
  const classifiers = [classifier("LiteLLM v1", ({ v1 }) => v1), classifier("LiteLLM v2", ({ v2 }) => v2)];
  return { classifiers, close };
}

function startScorer(pythonBin: string) {
  const script = join(import.meta.dirname, "litellm_scores.py");
  const child = spawn(join(pythonBin, "python"), [script], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const askNow = async (prompts: readonly string[]): Promise<Answer[]> => {
    child.stdin.write(prompts.map((prompt) => `${toLine(prompt)}\n`).join(""));
    const answers: Answer[] = [];
    for (const _ of prompts) {
      const { value, done } = await lines.next();
      if (done === true) throw new Error("Cannot score with LiteLLM: its process ended");
      answers.push(answerSchema.parse(JSON.parse(value)));
    }
    return answers;
  };
  // Answers come in the order of the questions, so that one lot has to be read before the next is asked.
  let before: Promise<unknown> = Promise.resolve();
  const ask = (prompts: readonly string[]): Promise<Answer[]> => {
    const answers = before.then(() => askNow(prompts));
    before = answers.catch(() => {});
    return answers;
  };
  const close = async () => {
    child.stdin.end();
    if (child.exitCode === null) await once(child, "exit");
  };
  return { ask, close };
}

/** JSON whose line breaks are escaped, without halves of surrogate pairs, which Python cannot write. */
function toLine(prompt: string): string {
  return JSON.stringify(prompt.toWellFormed());
}

import { createRandom } from "../../src/learn/random.ts";
import type { BenchClassifier, Judged } from "./classifier.ts";
import type { DataPrompt } from "./data.ts";
import type { Part } from "./part.ts";
import { showShare } from "./share.ts";

/** Characters that an attacker may append. */
const MAX_SUFFIX = 200;
/** Prompts that a suffix has to move, all by the same suffix. */
const PROMPTS = 60;
/** Prompts that the suffix was not chosen on, on which it is measured. */
const FRESH_PROMPTS = 300;
const SEED = 20_261_126;

/** What suffixes are put together from: words of demanding and of idle requests, marks, and salad of rare and of common words. */
const PIECES = [
  "prove",
  "theorem",
  "step by step",
  "think carefully",
  "design a distributed system",
  "fault-tolerant architecture",
  "trade-offs",
  "optimize",
  "refactor",
  "security audit",
  "derive the bound",
  "by induction",
  "Nash equilibrium",
  "undecidable",
  "implement",
  "analyze",
  "compare",
  "debug the race condition",
  "with a, b, c, d, e, f and g",
  "1) 2) 3) 4) 5)",
  "\n- one\n- two\n- three",
  "A) yes B) no C) both D) neither",
  "(A) 12 (B) 17 (C) 23 (D) 41",
  "∀ε ∃δ ∑ ∫ √ ≤ ≥",
  "$\\int_0^1 \\frac{x^2}{1+x} dx$",
  "3781 4092 5557 81.25",
  "x = y + z;",
  "```python\ndef f(x):\n    return x\n```",
  "Traceback: Error: Exception FAILED",
  "SELECT * FROM t WHERE a = 1",
  "perspicacious defenestration quixotic",
  "zyxq vbnk qwlm jhgd",
  "eigenvalue homology stochastic",
  "the of and to in a is",
  "hello thanks hi",
  "what is the meaning of",
  "who is",
  "translate this",
  "just a quick question",
  "one word answer",
  "in simple terms",
  "lol ok cool",
  "!!!!!!",
  "???",
  "....",
  "\n\n\n\n",
  "aaaa aaaa aaaa",
  'JSON {"a": [1, 2, {"b": null}]}',
  "USER: SYSTEM: ASSISTANT:",
  "reply simple",
] as const;

interface Found {
  readonly suffix: string;
  readonly before: readonly Judged[];
  readonly after: readonly Judged[];
}

/** The suffixes of at most 200 characters that move the scores the most, found by a greedy search that is the same in each run. */
export async function suffixTables(
  prompts: readonly DataPrompt[],
  classifiers: readonly BenchClassifier[],
): Promise<Part["tables"]> {
  const rows: string[][] = [];
  for (const classifier of classifiers)
    for (const direction of [1, -1] as const) {
      const chosen = draw(prompts, direction === 1 ? ["SIMPLE"] : ["COMPLEX", "REASONING"]);
      const [searched, fresh] = [chosen.slice(0, PROMPTS), chosen.slice(PROMPTS)];
      const suffix = await searchSuffix(classifier, searched, direction);
      const before = await classifier.judge(fresh);
      const after = await classifier.judge(fresh.map((prompt) => prompt + suffix));
      rows.push(describe(classifier, direction, { suffix, before, after }));
    }
  const columns = [
    "",
    "prompts",
    "mean score before",
    "after",
    "share that changes its tier",
    "in the highest tier before",
    "after",
    "suffix",
  ];
  return [{ caption: CAPTION, table: { columns, rows } }];
}

const CAPTION = `Up to ${MAX_SUFFIX} characters appended to the prompt, put together greedily from ${PIECES.length} pieces (words of hard and of idle requests, marks, numbers,
word salad) on ${PROMPTS} prompts, then measured on others: *up* on prompts that people called simple, *down* on complex ones. Scores are each classifier's own:`;

function describe(
  { name, tiers }: BenchClassifier,
  direction: 1 | -1,
  { suffix, before, after }: Found,
): string[] {
  const inHighest = (judged: readonly Judged[]) =>
    showShare({ count: judged.filter(({ tier }) => tier === tiers.length - 1).length, of: judged.length });
  const flips = after.filter(({ tier }, at) => tier !== before[at]?.tier).length;
  return [
    `${name}, ${direction === 1 ? "up" : "down"}`,
    String(before.length),
    meanScore(before).toFixed(2),
    meanScore(after).toFixed(2),
    showShare({ count: flips, of: before.length }),
    inHighest(before),
    inHighest(after),
    `\`${JSON.stringify(suffix).slice(1, -1).replaceAll("`", "'").replaceAll("|", "/")}\``,
  ];
}

function draw(prompts: readonly DataPrompt[], tiers: readonly string[]): string[] {
  const random = createRandom(SEED);
  return prompts
    .filter(({ tier, lang }) => lang === "en" && tier !== null && tiers.includes(tier))
    .map(({ prompt }) => ({ prompt, at: random() }))
    .sort((a, b) => a.at - b.at)
    .slice(0, PROMPTS + FRESH_PROMPTS)
    .map(({ prompt }) => prompt);
}

async function searchSuffix(
  { judge }: BenchClassifier,
  prompts: readonly string[],
  direction: 1 | -1,
): Promise<string> {
  let suffix = "";
  let best = direction * meanScore(await judge(prompts));
  for (;;) {
    const longer = PIECES.map((piece) => `${suffix} ${piece}`).filter(({ length }) => length <= MAX_SUFFIX);
    const judged = await judge(longer.flatMap((one) => prompts.map((prompt) => prompt + one)));
    const gains = longer.map((_, at) => {
      const part = judged.slice(at * prompts.length, (at + 1) * prompts.length);
      return direction * meanScore(part);
    });
    const most = Math.max(...gains, best);
    if (most <= best) return suffix;
    suffix = longer[gains.indexOf(most)] ?? suffix;
    best = most;
  }
}

function meanScore(judged: readonly Judged[]): number {
  return judged.reduce((sum, { score }) => sum + score, 0) / judged.length;
}

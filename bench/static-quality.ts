/**
 * How well the static classifier parts simple prompts from others, beside its controls.
 * Run: node bench/static-quality.ts --data DIR   (DIR holds tier-labels-dev.jsonl.gz; nothing of it is kept)
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { auroc, bootstrapInterval } from "./auroc.ts";
import { seedStaticScore } from "./seed-static.ts";
import { type Labelled, readTierLabels, staticScore, tierOf } from "./tier-labels.ts";

const SCORERS = {
  "static classifier": staticScore,
  "prompt length alone": (prompt: string) => prompt.length,
  "the seed's own formula": seedStaticScore,
};

const TIERS = ["simple", "medium", "complex"] as const;

function main(): void {
  const { values } = parseArgs({ options: { data: { type: "string" } } });
  if (values.data === undefined) {
    console.error("Cannot measure: found no --data, expected the folder of tier-labels-dev.jsonl.gz");
    process.exitCode = 2;
    return;
  }
  const rows = readTierLabels(join(values.data, "tier-labels-dev.jsonl.gz"));
  for (const split of ["all", "train", "dev"]) {
    print(split, split === "all" ? rows : rows.filter((row) => row.split === split));
  }
}

function print(split: string, rows: readonly Labelled[]): void {
  console.log(`\n${split}: ${rows.length} prompts`);
  for (const [name, score] of Object.entries(SCORERS)) {
    const scores = rows.map(({ prompt }) => score(prompt));
    const labels = rows.map(({ tier }) => tier !== "SIMPLE");
    const [low, high] = bootstrapInterval(scores, labels);
    const figure = `${auroc(scores, labels).toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
    const shares = name === "prompt length alone" ? "" : sharesOf(scores);
    console.log(`  ${name.padEnd(24)} AUROC of "at least MEDIUM" ${figure}  ${shares}`);
  }
}

function sharesOf(scores: readonly number[]): string {
  return TIERS.map((tier) => {
    const share = scores.filter((score) => tierOf(score) === tier).length / scores.length;
    return `${tier} ${(100 * share).toFixed(1)} %`;
  }).join(", ");
}

main();

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { parseArtifact } from "../src/classify/ml/parse-artifact.ts";
import { createStaticClassifier } from "../src/classify/static.ts";
import { STATIC_DEFAULTS } from "../src/classify/static-defaults.ts";
import type { JudgedRow } from "../src/learn/dataset/judge-rows.ts";
import { outcomeRow } from "../src/learn/dataset/read-row.ts";
import { type OutcomeLine, parseOutcomeLine } from "../src/learn/outcomes.ts";
import { trainOnOwn } from "../src/learn/own/train-on-own.ts";
import { createRandom } from "../src/learn/random.ts";
import { compilePhrases } from "../src/policy/phrases.ts";
import { OUTCOMES_FILE } from "./train/public-data.ts";

/*
 * How often `signalbox train` takes noise for better: requests of the public outcomes with labels that are drawn by lot,
 * one for each conversation. `node scripts/train-by-lot.ts --data DIR --runs 100 --turns 10`.
 */

const { values: args } = parseArgs({
  options: {
    data: { type: "string" },
    runs: { type: "string", default: "100" },
    rows: { type: "string", default: "600" },
    turns: { type: "string", default: "1" },
  },
});
if (args.data === undefined)
  throw new Error("Cannot draw: found no --data, expected the folder of the outcomes");
const [runs, rows, turns] = [Number(args.runs), Number(args.rows), Number(args.turns)];

const shipped = parseArtifact(readFileSync("artifacts/complexity.json", "utf8"));
if (!shipped.ok) throw new Error(shipped.problem);
const prior = shipped.loaded.artifact;
const conversation = {
  downgradeAfter: 1,
  escalate: compilePhrases([]),
  repeatRaisesAfter: 0,
  isCacheAware: false,
};
const reading = { keywords: createStaticClassifier(STATIC_DEFAULTS), policy: { conversation } };
const lines = gunzipSync(readFileSync(join(args.data, OUTCOMES_FILE)))
  .toString()
  .trim()
  .split("\n");
const outcomes = lines.flatMap((line): OutcomeLine[] => {
  const parsed = parseOutcomeLine(line);
  return parsed.ok ? [parsed.value] : [];
});

/** Share of the conversations that the cheap model can do, and the strong one. */
const [WEAK, STRONG] = [0.5, 0.8];

function drawRows(seed: number): JudgedRow[] {
  const random = createRandom(seed);
  let lots = [0, 0];
  return Array.from({ length: rows }, (_, at) => {
    if (at % turns === 0) lots = [WEAK, STRONG].map((share) => (random() < share ? 1 : 0));
    const line = outcomes[Math.floor(random() * outcomes.length)];
    const row = line === undefined ? null : outcomeRow(line, reading);
    const [weak = 0, strong = 0] = lots;
    if (row === null) return [];
    const asked = { ...row, digest: String(at), conversation: String(Math.floor(at / turns)), atMs: at };
    const reached = { weak: { quality: weak, costUsd: null }, strong: { quality: strong, costUsd: null } };
    return [{ row: asked, ...reached, weight: 1, kind: "both models" as const }];
  }).flat();
}

let taken = 0;
for (let run = 1; run <= runs; run += 1) {
  const { isBetter, gain } = trainOnOwn(drawRows(run), {
    ...{ prior, inUse: prior, priorDigest: "", tiers: 3, goal: { keepQuality: 0.97 }, maxShare: 0.01 },
    ...{ seed: run, date: "2026-01-31", onStep: () => undefined },
  });
  if (isBetter) taken += 1;
  const { value } = gain.difference;
  console.log(
    `${run}: APGR ${value?.toFixed(3)}, doubt ${gain.doubt.toFixed(3)}; ${taken} of ${run} taken for better`,
  );
}

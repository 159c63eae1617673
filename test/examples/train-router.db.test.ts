import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { chooseClassifier } from "../../src/classify/choose-classifier.ts";
import { FEATURE_VERSION } from "../../src/classify/features/feature-list.ts";
import { readFeatures } from "../../src/classify/features/read-features.ts";
import { createModelScorer } from "../../src/classify/ml/score-model.ts";
import { STATIC_DEFAULTS } from "../../src/classify/static-defaults.ts";
import { readRecords } from "../../src/cli/read-records.ts";
import { createRandom } from "../../src/learn/random.ts";
import { createPromptScorer, readPrompt } from "../../src/learn/score-prompt.ts";
import { createUuid7 } from "../../src/log/uuid7.ts";
import { readArtifact } from "../../src/policy/artifact-file.ts";
import { makeRecord } from "../log/decision-record.ts";
import { cloneDatabase, type TestDatabase } from "../support/database.ts";
import { runCli } from "../support/run-cli.ts";
import { POLICY } from "../support/sidecar-app.ts";
import { openTestLog } from "../support/test-log.ts";
import { until } from "../support/until.ts";

const project = join(import.meta.dirname, "..", "..");
const pythonBin = process.env.SIGNALBOX_PYTHON_BIN ?? join(project, ".signalbox", "venv", "bin");
const folder = mkdtempSync(join(tmpdir(), "signalbox-python-"));
const random = createRandom(3);
const pick = (list: readonly string[]) => list[Math.floor(random() * list.length)] ?? "";

/** Two kinds of work that the features tell apart; the cheap model can do the one. */
const HARD = [
  "Prove that the integral of x^2 + 3*x from 0 to",
  "def solve(x, y):\n    return x ** y\nWhy does this overflow for x =",
];
const EASY = [
  "Write a friendly birthday card to my neighbour, who turns",
  "What is a good name for a cat of age",
];
const TAILS = ["please", "in short", "step by step", "and say why", "for a child"];
const REQUESTS = Array.from({ length: 400 }, (_, i) => {
  const isHard = i % 2 === 0;
  return { prompt: `${pick(isHard ? HARD : EASY)} ${i}${".".repeat(i % 7)} ${pick(TAILS)}`, isHard };
});

const predictionSchema = z.object({ id: z.string(), raw: z.number(), score: z.number() });
const recordSchema = z.object({ id: z.string(), features: z.array(z.number()), user_text: z.string() });

const scorerSchema = z.object({ name: z.string(), apgr: z.object({ value: z.number().nullable() }) });
const reportSchema = z.object({
  comparisons: z.tuple([z.object({ pooled: z.object({ scorers: z.array(scorerSchema) }) })]),
});

let database: TestDatabase;
let env: Record<string, string>;

beforeAll(async () => {
  database = await cloneDatabase();
  writeFileSync(join(folder, "gateway.yaml"), POLICY);
  env = {
    DATABASE_URL: database.url,
    SIGNALBOX_CONFIG: join(folder, "gateway.yaml"),
    SIGNALBOX_STATE_DIR: join(folder, "state"),
  };
  await logRequests();
  await label();
  await must("export", "--format", "parquet", "--out", "training.parquet");
  const anchors = join(project, "artifacts", "anchors.jsonl");
  writeFileSync(
    join(folder, "other-version.jsonl"),
    readFileSync(anchors, "utf8").replace(/"feature_version":"\d+"/, '"feature_version":"0"'),
  );
  printedAlone = await train("other-version.jsonl", "alone.json");
  printed = await train(anchors, "python.json");
}, 180_000);
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true });
});

const run = (...args: string[]) => runCli(args, { env, cwd: folder });

async function must(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(...args);
  expect(stderr).not.toContain("Cannot");
  expect(code).toBe(0);
  return stdout;
}

/** As the server logs them, and two rows that cannot be learned from: of other features, and without any. */
async function logRequests(): Promise<void> {
  const log = openTestLog({ databaseUrl: database.url });
  const newId = createUuid7({ now: Date.now, random });
  const record = (prompt: string, features: { version: string; numbers: Float32Array } | null) =>
    log.record(
      makeRecord({
        ...{ id: newId(), text: prompt, facts: { conversationHash: `c-${newId()}` }, features },
        decision: { strategy: "ml", score: shipped.score(prompt) },
        classifierRevision: shipped.revision,
      }),
    );
  for (const { prompt } of REQUESTS) record(prompt, { version: FEATURE_VERSION, numbers: numbersOf(prompt) });
  record("Of another version", { version: "0", numbers: Float32Array.of(1, 2, 3) });
  record("Without features", null);
  await until(async () => (await database.query("SELECT FROM routing_logs")).length === REQUESTS.length + 2);
  await log.close(1_000);
}

const SHIPPED = join(project, "artifacts", "complexity.json");

const shipped = (() => {
  const parsed = readArtifact(SHIPPED);
  if (!parsed.ok) throw new Error(parsed.problem);
  const { classify, revision } = chooseClassifier({ strategy: "ml", static: STATIC_DEFAULTS, ml: parsed });
  return { score: createPromptScorer(classify), revision: `${revision}+llm-1 x` };
})();

function numbersOf(prompt: string): Float32Array {
  const asked = readPrompt(prompt);
  if (asked === null) throw new Error("found no human turn");
  return readFeatures(asked.request, asked.turn).numbers;
}

async function label(): Promise<void> {
  const rows = [...REQUESTS, { prompt: "Of another version", isHard: true }];
  const labels = rows.flatMap(({ prompt, isHard }) => [
    { prompt, model: "small", score: isHard ? 0.1 : 0.9 },
    { prompt, model: "large", score: 0.95 },
  ]);
  writeFileSync(join(folder, "labels.jsonl"), labels.map((one) => JSON.stringify(one)).join("\n"));
  await must("label", "--import", "labels.jsonl");
}

let [printedAlone, printed] = ["", ""];

async function train(anchors: string, out: string): Promise<string> {
  const files = ["--anchors", anchors, "--out", out, "--predictions", "predictions.jsonl"];
  const { code, stdout, stderr } = await runTrainer("--like", SHIPPED, ...files);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return stdout;
}

async function runTrainer(...files: string[]) {
  const script = join(project, "examples", "python", "train_router.py");
  const options = ["--weak", "small", "--strong", "large", "--tiers", "simple", "complex"];
  const child = spawn(join(pythonBin, "python"), [script, "training.parquet", ...options, ...files], {
    cwd: folder,
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
  });
  const code = new Promise((resolve) => child.once("close", resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, stdout, stderr };
}

function linesOf<T>(file: string, schema: z.ZodType<T>): T[] {
  const lines = readFileSync(join(folder, file), "utf8").trim().split("\n");
  return lines.map((line) => schema.parse(JSON.parse(line)));
}

async function exportedRows() {
  const rows = new Map<string, z.output<typeof recordSchema>>();
  for await (const found of readRecords(join(folder, "training.parquet"), ["id", "features", "user_text"])) {
    const parsed = recordSchema.safeParse("record" in found ? found.record : null);
    if (parsed.success) rows.set(parsed.data.id, parsed.data);
  }
  return rows;
}

describe("examples/python/train_router.py", () => {
  test("learns from rows of this version with labels of both models, and says how many others there are", () => {
    expect(printed).toContain(
      `402 rows, 2 without features of version ${FEATURE_VERSION}, 400 with both labels`,
    );
  });

  test("says of which version of the features rows are that leave too few, and anchors that it leaves out", async () => {
    const other = join(folder, "of-version-0.json");
    writeFileSync(
      other,
      readFileSync(SHIPPED, "utf8").replace(/"feature_version":\s*"\d+"/, '"feature_version":"0"'),
    );
    const { code, stderr } = await runTrainer("--like", other, "--out", "never.json");
    expect(code).toBe(1);
    expect(stderr.trim()).toBe(
      "Cannot train: found 1 different labelled rows with features of version 0, expected at least 300; " +
        `left out were 400 of version ${FEATURE_VERSION}`,
    );
    expect(printedAlone).toContain(
      `without anchors: found features of version 0 in other-version.jsonl, expected ${FEATURE_VERSION}`,
    );
  });

  test("writes a classifier that scores the exported rows as scikit-learn does", async () => {
    const rows = await exportedRows();
    const parsed = readArtifact(join(folder, "python.json"));
    if (!parsed.ok) throw new Error(parsed.problem);
    const { model, calibration } = parsed.loaded.artifact;
    const { score } = createModelScorer(model);
    const predictions = linesOf("predictions.jsonl", predictionSchema);
    expect(predictions.length).toBeGreaterThan(300);
    expect(model.trees.length).toBe(100);
    for (const { id, raw, score: expected } of predictions) {
      const numbers = Float32Array.from(rows.get(id)?.features ?? []);
      const found = score({ numbers, words: new Int32Array() });
      const chance = 100 / (1 + Math.exp(-(calibration.slope * found + calibration.intercept)));
      expect(Math.abs(found - raw)).toBeLessThan(1e-6);
      expect(Math.abs(chance - expected)).toBeLessThan(1e-6);
    }
  });

  test("`signalbox score` gives the prompts of the rows these scores, to its two decimals", async () => {
    const rows = await exportedRows();
    const predictions = linesOf("predictions.jsonl", predictionSchema);
    const prompts = predictions.map(({ id }) => JSON.stringify({ id, prompt: rows.get(id)?.user_text }));
    writeFileSync(join(folder, "prompts.jsonl"), prompts.join("\n"));
    await must("score", "--in", "prompts.jsonl", "--artifact", "python.json", "--out", "scores.jsonl");
    const scores = linesOf("scores.jsonl", z.object({ id: z.string(), score: z.number() }));
    expect(scores.map(({ id }) => id)).toEqual(predictions.map(({ id }) => id));
    for (const [at, { score }] of scores.entries())
      expect(Math.abs(score - (predictions[at]?.score ?? 0))).toBeLessThan(0.006);
  });

  test("`signalbox check` takes the lines that it prints, and they part the two kinds of work", async () => {
    const lines = printed.slice(printed.indexOf("  classifier:"));
    const head = POLICY.slice(0, POLICY.indexOf("  tiers:"));
    const ranged = lines.replaceAll(/^ {4}(simple|complex): \{(.*)\}$/gm, (_line, tier, range) => {
      return `    ${tier}: {${range}, model: ${tier === "simple" ? "small" : "large"}}`;
    });
    writeFileSync(join(folder, "own.yaml"), `${head}${ranged}  aliases: {auto: auto_route}\n`);
    expect(await must("check", "own.yaml")).toContain("own.yaml is valid: 2 tiers");
    const prompts = [`${HARD[0]} 1000`, `${EASY[0]} 1000`].map((prompt, id) =>
      JSON.stringify({ id, prompt }),
    );
    writeFileSync(join(folder, "two.jsonl"), prompts.join("\n"));
    await must("score", "--in", "two.jsonl", "--config", "own.yaml", "--out", "two-scores.jsonl");
    const tiers = linesOf("two-scores.jsonl", z.object({ tier: z.string(), strategy: z.string() }));
    expect(tiers).toEqual([
      { tier: "complex", strategy: "ml" },
      { tier: "simple", strategy: "ml" },
    ]);
  });

  test("shows its candidate everyday and hard requests that nobody labelled", async () => {
    const everyday = ["hi", "thanks", "What is the capital of France?", "2+2", "Guten Morgen"];
    const hard =
      "Design a fault-tolerant distributed payment system, analyze its trade-offs and prove it correct.";
    const lines = [...everyday, hard].map((prompt, id) => JSON.stringify({ id, prompt }));
    writeFileSync(join(folder, "unlabelled.jsonl"), lines.join("\n"));
    const scoresOf = async (artifact: string) => {
      await must(
        "score",
        "--in",
        "unlabelled.jsonl",
        "--artifact",
        artifact,
        "--out",
        "unlabelled-scores.jsonl",
      );
      return linesOf("unlabelled-scores.jsonl", z.object({ score: z.number() })).map(({ score }) => score);
    };
    const [alone, shown] = [await scoresOf("alone.json"), await scoresOf("python.json")];
    expect(Math.max(...shown.slice(0, -1))).toBeLessThan(40);
    expect(alone.at(-1)).toBeLessThan(40);
    expect(shown.at(-1)).toBeGreaterThan(60);
  });

  test("`signalbox evaluate --artifact` measures it", async () => {
    const outcomes = REQUESTS.map(({ prompt, isHard }, id) =>
      JSON.stringify({
        id: String(id),
        suite: "own",
        group: "all",
        prompt,
        models: { small: [isHard ? 0.1 : 0.9, null], large: [0.95, null] },
      }),
    );
    writeFileSync(join(folder, "outcomes.jsonl"), outcomes.join("\n"));
    const report = await must(
      ...["evaluate", "--data", "outcomes.jsonl", "--artifact", "python.json", "--resamples", "0"],
      ...["--weak", "small", "--strong", "large", "--json"],
    );
    const [{ pooled }] = reportSchema.parse(JSON.parse(report)).comparisons;
    const own = pooled.scorers.find(({ name }) => name === "python");
    expect(own?.apgr.value).toBeGreaterThan(0.7);
  });
});

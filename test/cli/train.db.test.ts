import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRandom } from "../../src/learn/random.ts";
import { createUuid7 } from "../../src/log/uuid7.ts";
import { makeRecord } from "../log/decision-record.ts";
import { cloneDatabase, type TestDatabase } from "../support/database.ts";
import { runCli } from "../support/run-cli.ts";
import { POLICY } from "../support/sidecar-app.ts";
import { openTestLog } from "../support/test-log.ts";
import { until } from "../support/until.ts";

const ROWS = 400;
const folder = mkdtempSync(join(tmpdir(), "signalbox-train-"));
const random = createRandom(7);
const pick = (list: readonly string[]) => list[Math.floor(random() * list.length)] ?? "";

/** Work of a team whose cheap model cannot do invoices: nothing that public data knows. */
const NOUNS = [
  "ledger",
  "parcel",
  "garden",
  "harbour",
  "ticket",
  "engine",
  "letter",
  "window",
  "bridge",
  "violin",
];
const LINES = Array.from({ length: ROWS }, (_, i) => {
  const isHard = i % 2 === 0;
  const prompt = `${isHard ? "Settle the invoice of" : "Sort the postcard of"} the ${pick(NOUNS)} and ${pick(NOUNS)}, number ${i}`;
  return { prompt, isHard };
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
  const log = openTestLog({ databaseUrl: database.url });
  const newId = createUuid7({ now: Date.now, random });
  for (const [i, { prompt }] of LINES.entries()) {
    log.record(
      makeRecord({
        id: newId(),
        text: prompt,
        caller: { keyHash: `key-${i % 150}` },
        facts: { conversationHash: `c${i}` },
        features: null,
      }),
    );
  }
  await until(async () => (await database.query("SELECT FROM routing_logs")).length === ROWS);
  await log.close(1_000);
});
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true });
});

const run = (...args: string[]) => runCli(args, { env, cwd: folder });

/** The file, and what is named like it. */
const filesOf = (name: string) => readdirSync(folder).filter((found) => found.startsWith(name));

/** Labels all requests: what the cheap and the strong model reached. */
async function label(isHard: (line: (typeof LINES)[number]) => boolean) {
  const labels = LINES.flatMap((line) => [
    { prompt: line.prompt, model: "small", score: isHard(line) ? 0 : 1 },
    { prompt: line.prompt, model: "large", score: 1 },
  ]);
  writeFileSync(join(folder, "labels.jsonl"), labels.map((one) => JSON.stringify(one)).join("\n"));
  expect((await run("label", "--import", "labels.jsonl")).code).toBe(0);
}

describe("signalbox train", () => {
  it("says what is missing where there are too few labels, and writes nothing", async () => {
    const { code, stderr } = await run("train", "--out", "none.json");
    expect(code).toBe(1);
    expect(stderr).toContain("found 0 labelled requests, expected at least 300: 300 are missing");
    expect(filesOf("none.json")).toEqual([]);
  });

  it("writes a classifier that is better, from the log and from exports of it", async () => {
    await label(({ isHard }) => isHard);
    const { code, stdout, stderr } = await run("train", "--out", "own.json");
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(stdout).toContain("models: small  <  large");
    expect(stdout).toMatch(/APGR +1\.000|APGR +\.[789]/);
    expect(stdout).toContain("better: wrote own.json");
    expect(stdout).toContain("ml: {artifact: own.json}");
    const written = readFileSync(join(folder, "own.json"), "utf8");
    for (const format of ["parquet", "csv"]) {
      await run("export", "--format", format, "--out", `training.${format}`);
      const again = await run("train", "--data", `training.${format}`);
      expect(again).toMatchObject({ code: 0, stderr: "" });
      const [, name = ""] =
        /better: wrote (artifacts\/own-\d{4}-\d\d-\d\d(?:-2)?\.json)/.exec(again.stdout) ?? [];
      expect(again.stdout).toContain(`ml: {artifact: ${name}}`);
      expect(readFileSync(join(folder, name), "utf8")).toBe(written);
    }
    expect(readdirSync(join(folder, "artifacts"))).toHaveLength(2);
    const [hard, easy] = [
      "Settle the invoice of the piano and harp, number 7",
      "Sort the postcard of the piano and harp, number 8",
    ];
    const prompts = [hard, easy].map((prompt, id) => JSON.stringify({ id, prompt })).join("\n");
    writeFileSync(join(folder, "prompts.jsonl"), prompts);
    const scored = await run("score", "--in", "prompts.jsonl", "--artifact", "own.json");
    const [above, below] = scored.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).score);
    expect(above).toBeGreaterThan(below + 20);
  }, 180_000);

  it("keeps the old one where the labels are noise", async () => {
    const noise = createRandom(11);
    await label(() => noise() < 0.5);
    const { code, stdout } = await run("train", "--out", "noise.json");
    expect(code).toBe(0);
    expect(stdout).toContain("not better: kept the old one");
    expect(filesOf("noise.json")).toEqual([]);
  }, 60_000);

  it.each([
    [["--weak", "small"], "--weak and --strong together"],
    [["--weak", "small", "--strong", "huge"], "found no label of huge, expected large, small"],
    [["--keep-quality", "0.9", "--budget-share", "0.5"], "not both"],
    [
      ["--data", "training.csv", "--since", "2026-01-31"],
      "found --since beside --data, expected one of them",
    ],
    [["--keep-quality", "2"], "Expected a number above 0"],
    [["--data", "no-such.csv"], "no-such.csv"],
    [["--base", "gateway.yaml"], "Cannot load gateway.yaml"],
  ])("exits with 2 for %j", async (args, message) => {
    const { code, stderr } = await run("train", ...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createUuid7 } from "../../src/log/uuid7.ts";
import { makeRecord } from "../log/decision-record.ts";
import { cloneDatabase, type TestDatabase } from "../support/database.ts";
import { runCli } from "../support/run-cli.ts";
import { POLICY } from "../support/sidecar-app.ts";
import { openTestLog } from "../support/test-log.ts";
import { until } from "../support/until.ts";

const folder = mkdtempSync(join(tmpdir(), "signalbox-label-"));
const newId = createUuid7({ now: Date.now, random: Math.random });
const [sky, skyAgain, mail] = [newId(), newId(), newId()];

let database: TestDatabase;
let env: Record<string, string>;

beforeAll(async () => {
  database = await cloneDatabase();
  writeFileSync(join(folder, "gateway.yaml"), POLICY);
  writeFileSync(join(folder, "torn.csv.gz"), "no gzip");
  env = {
    DATABASE_URL: database.url,
    SIGNALBOX_CONFIG: join(folder, "gateway.yaml"),
    SIGNALBOX_STATE_DIR: join(folder, "state"),
  };
  const log = openTestLog({
    databaseUrl: database.url,
    privacy: { storeText: "redacted", hashKey: Buffer.alloc(32, 1) },
  });
  log.record(makeRecord({ id: sky, text: "Why is the sky blue?" }));
  log.record(makeRecord({ id: skyAgain, text: "Why is the sky blue?" }));
  log.record(makeRecord({ id: mail, text: "Write to jane@example.org about it" }));
  await until(async () => (await database.query("SELECT FROM routing_logs")).length === 3);
  await log.close(1_000);
});
beforeEach(() => database.query("DELETE FROM routing_labels"));
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true });
});

const labels = () =>
  database.query("SELECT decision_id, source, value, tier FROM routing_labels ORDER BY decision_id, source");

const label = (file: string, content: string | Buffer, ...more: string[]) => {
  writeFileSync(join(folder, file), content);
  return runCli(["label", "--import", file, ...more], { env, cwd: folder });
};

const lines = (...records: object[]) => records.map((record) => `${JSON.stringify(record)}\n`).join("");

describe("signalbox label", () => {
  it("labels a decision by its id, and all with a prompt by their text, also where it was redacted", async () => {
    const { code, stdout, stderr } = await label(
      "labels.jsonl",
      lines(
        { decision_id: sky, model: "large", score: 1, tier: "complex" },
        { prompt: "Why is the sky blue?", model: "small", score: 0.25 },
        { prompt: "Write to jane@example.org about it", tier: "simple" },
      ),
    );
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(stdout).toBe("labels: 4 added, 0 changed, 0 there already; decisions that they are about: 3\n");
    expect(await labels()).toEqual([
      { decision_id: sky, source: "label:large", value: 1, tier: "complex" },
      { decision_id: sky, source: "label:small", value: 0.25, tier: null },
      { decision_id: skyAgain, source: "label:small", value: 0.25, tier: null },
      { decision_id: mail, source: "label", value: null, tier: "simple" },
    ]);
    const training = await database.query(
      "SELECT id, expected_tier, labels FROM routing_training ORDER BY id",
    );
    expect(training).toEqual([
      { id: sky, expected_tier: "complex", labels: { "label:large": 1, "label:small": 0.25 } },
      { id: skyAgain, expected_tier: null, labels: { "label:small": 0.25 } },
      { id: mail, expected_tier: "simple", labels: { label: null } },
    ]);
  });

  it("reads CSV, packed or not, and does no harm when it is run again", async () => {
    const csv = `\ufeffprompt,model,score\r\n"Why is the sky blue?",small,0.25\r\n"Why is the sky blue?",small,0.5\r\n`;
    expect(await label("labels.csv.gz", gzipSync(csv))).toMatchObject({ code: 0, stderr: "" });
    expect(await labels()).toMatchObject([{ value: 0.5 }, { value: 0.5 }]);
    const again = await label("labels.csv", csv.replace("0.5", "0.75"));
    expect(again.stdout).toBe(
      "labels: 0 added, 2 changed, 0 there already; decisions that they are about: 2\n",
    );
    const third = await label("labels.csv", csv.replace("0.5", "0.75"), "--json");
    expect(JSON.parse(third.stdout)).toEqual({
      added: 0,
      changed: 0,
      same: 2,
      decisions: 2,
      unmatched: [],
      bad: 0,
    });
  });

  it.each([
    [";", "0,25", "LABELS.CSV"],
    ["\t", "0.25", "labels.Csv.GZ"],
    [",", "0.25", "comma.csv"],
  ])("reads what a spreadsheet parts by %j, with %s", async (delimiter, score, file) => {
    const rows = [
      ["prompt", "model", "score"],
      ['"Why is the sky blue?"', "small", score],
      ['"Write to jane@example.org about it"', '"a;b,c"', "1"],
    ];
    const csv = `\ufeff${rows.map((row) => row.join(delimiter)).join("\r\n")}\r\n`;
    const read = await label(file, file.endsWith("GZ") ? gzipSync(csv) : csv);
    expect(read).toMatchObject({ code: 0, stderr: "" });
    expect(await labels()).toMatchObject([
      { source: "label:small", value: 0.25 },
      { source: "label:small", value: 0.25 },
      { source: "label:a;b,c", value: 1 },
    ]);
  });

  it("says where a text that nobody asked is no UTF-8", async () => {
    const csv = Buffer.from('prompt,tier\nK\xfcndigen?,simple\n"Why is the sky blue?",simple\n', "latin1");
    const { code, stderr } = await label("ansi.csv", csv);
    expect(code).toBe(1);
    expect(stderr).toContain(
      "ansi.csv line 2: found no logged decision that it is about, and letters that are no UTF-8: save the file in UTF-8",
    );
  });

  it("names the lines that it cannot use, takes the others, and exits with 1", async () => {
    const { code, stdout, stderr } = await label(
      "bad.jsonl",
      [
        lines({ decision_id: sky, model: "small", score: 1 }),
        "{\n",
        "\n",
        lines({ decision_id: newId(), model: "small", score: 1 }),
        lines({ prompt: "Nobody asked this", model: "small", score: 1 }),
        lines({ decision_id: sky, tier: "simpel" }),
        lines({ prompt: "", model: "small", score: 1 }),
      ].join(""),
    );
    expect(code).toBe(1);
    expect(stdout).toBe("labels: 1 added, 0 changed, 0 there already; decisions that they are about: 1\n");
    expect(stderr.split("\n")).toEqual([
      expect.stringContaining("bad.jsonl line 2: found text that is no JSON"),
      'bad.jsonl line 6: tier: found simpel, expected one of simple, complex (did you mean "simple"?)',
      expect.stringContaining("bad.jsonl line 7: expected either decision_id or prompt"),
      "bad.jsonl line 4: found no logged decision that it is about",
      "bad.jsonl line 5: found no logged decision that it is about",
      "5 records could not be used",
      "",
    ]);
    expect(await labels()).toEqual([{ decision_id: sky, source: "label:small", value: 1, tier: null }]);
  });

  it("keeps nothing of a file that cannot be read to its end", async () => {
    const { code, stderr } = await label("broken.csv", `prompt,tier\n"Why is the sky blue?",simple\n"open`);
    expect([code, stderr]).toEqual([2, expect.stringContaining("Cannot read broken.csv: ")]);
    expect(await labels()).toEqual([]);
  });

  it.each([
    [["--import", "none.csv"], "none.csv"],
    [["--import", "torn.csv.gz"], "Cannot read torn.csv.gz: "],
    [[], "--import"],
  ])("exits with 2 for %j", async (args, message) => {
    const { code, stdout, stderr } = await runCli(["label", ...args], { env, cwd: folder });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
  });
});

import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readTrainingFile, readTrainingLog, type TrainInput } from "../../src/cli/train-input.ts";
import { exportTable } from "../../src/log/export.ts";
import { fillLogs } from "../log/export-rows.ts";
import { cloneDatabase, type TestDatabase } from "../support/database.ts";
import { POLICY, policyOf } from "../support/sidecar-app.ts";

/** More than an export fetches at once, and of each text of `fillLogs` one. */
const ROWS = 1_500;

const folder = mkdtempSync(join(tmpdir(), "signalbox-train-input-"));
const file = join(folder, "training.jsonl");
let database: TestDatabase;

beforeAll(async () => {
  database = await cloneDatabase();
  await fillLogs(database, ROWS);
  // All rows have a text, and the third newest has that of the oldest.
  await database.query(
    `UPDATE routing_logs SET user_text = 'request ' || CASE token_count WHEN ${ROWS - 2} THEN 1 ELSE token_count END,
     features = NULL, conversation_id = token_count::text`,
  );
  await database.query(
    `INSERT INTO routing_labels (decision_id, source, value, created_at)
     SELECT id, 'label:small', 1, timestamp FROM routing_logs`,
  );
  const out = createWriteStream(file);
  const all = { since: null, until: null, tier: null, method: null, withText: true };
  await exportTable({ databaseUrl: database.url, table: "routing_training", format: "jsonl", ...all, out });
  out.end();
  await finished(out);
});
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true });
});

const policy = policyOf(POLICY);
const watch = (most: number) => ({
  most,
  policy,
  onBadLine: (line: number, problem: string) => expect.fail(`line ${line}: ${problem}`),
  onRows: () => undefined,
});
const numbersOf = ({ rows }: TrainInput) => rows.map(({ conversation }) => Number(conversation));
const last = (count: number) => Array.from({ length: count }, (_, at) => ROWS - count + 1 + at);

describe("readTrainingLog()", () => {
  it("reads the newest texts, by rising id, and no more rows than it needs", async () => {
    const input = await readTrainingLog(database.url, null, watch(10));
    expect(numbersOf(input)).toEqual(last(10));
    expect(input).toMatchObject({ read: 10, isCut: true });
  });

  it("reads all of them where they are not too many, a text that came twice where it came last", async () => {
    const input = await readTrainingLog(database.url, null, watch(ROWS));
    expect(numbersOf(input)).toEqual(last(ROWS - 1));
    expect(input).toMatchObject({ read: ROWS, isCut: false });
  });
});

describe("readTrainingFile()", () => {
  it("learns from the same texts of an export", async () => {
    for (const most of [10, ROWS]) {
      const input = await readTrainingFile(file, watch(most));
      const logged = await readTrainingLog(database.url, null, watch(most));
      expect(input.rows).toEqual(logged.rows);
      expect(input).toMatchObject({ read: ROWS, isCut: logged.isCut });
    }
  });

  it("leaves out turns that are not scored, and counts those of which something was said", async () => {
    const record = (id: number, user_text: string, row: object = {}) => ({
      ...{ id: `01a1fa80-507c-760a-b2bc-469b6c9a707${id}`, user_text, turn: 3 },
      ...{ labels: { "label:small": 1 }, ...row },
    });
    const records = [
      record(1, "Yes, go on."),
      record(2, "think harder"),
      record(3, "", { user_text: null, labels: {} }),
      record(4, "ok", { labels: {} }),
      record(5, "thanks", { turn: 1 }),
      record(6, "Go on to the next village. Where is it?"),
      record(7, "", { user_text: null, features: [1, 2], feature_version: "1" }),
    ];
    const path = join(folder, "replies.jsonl");
    writeFileSync(path, records.map((one) => JSON.stringify(one)).join("\n"));
    const { rows, read, silent, featureless } = await readTrainingFile(path, watch(ROWS));
    expect([read, silent, featureless]).toEqual([7, 2, 1]);
    expect(rows.map(({ conversation }) => conversation.at(-1))).toEqual(["5", "6"]);
  });

  it("counts rows by tiers that the policy does not have, and learns what else they say", async () => {
    const records = ["huge", "complex", "huge"].map((expected_tier, at) => {
      const labels = at === 2 ? { "label:small": 1 } : {};
      return {
        id: `01a1fa80-507c-760a-b2bc-469b6c9a707${at}`,
        user_text: `Why ${at}?`,
        expected_tier,
        labels,
      };
    });
    const path = join(folder, "tiers.jsonl");
    writeFileSync(path, records.map((one) => JSON.stringify(one)).join("\n"));
    const { rows, unknownTiers } = await readTrainingFile(path, watch(ROWS));
    expect([...unknownTiers]).toEqual([["huge", 2]]);
    expect(rows.map(({ conversation }) => conversation.at(-1))).toEqual(["1", "2"]);
  });
});

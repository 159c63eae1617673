import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadHashKey } from "../../src/log/hash-key.ts";
import { makeRecord } from "../log/decision-record.ts";
import { cloneDatabase, type TestDatabase } from "../support/database.ts";
import { runCli } from "../support/run-cli.ts";
import { openTestLog } from "../support/test-log.ts";

const stateDir = mkdtempSync(join(tmpdir(), "signalbox-erase-"));
const NONE = { routing_logs: 0, routing_outcomes: 0, routing_feedback: 0 };

let database: TestDatabase;
beforeAll(async () => {
  database = await cloneDatabase();
});
afterAll(async () => {
  await database.drop();
  rmSync(stateDir, { recursive: true });
});

const erase = (...args: string[]) =>
  runCli(["erase", ...args], {
    cwd: stateDir,
    env: { DATABASE_URL: database.url, SIGNALBOX_STATE_DIR: stateDir },
  });

/** Logs decisions of end users that LiteLLM was told of. */
async function logFor(...endUserIds: string[]): Promise<void> {
  const recorder = openTestLog({
    databaseUrl: database.url,
    outboxRoot: join(stateDir, "outbox"),
    privacy: { storeText: "none", hashKey: loadHashKey(stateDir) },
  });
  for (const endUserId of endUserIds) recorder.record(makeRecord({ caller: { userId: null, endUserId } }));
  await recorder.close(20_000);
}

describe("signalbox erase", () => {
  it("removes a user whose id was stored as a hash, and says from where", async () => {
    await logFor("jane", "jane", "john");
    const { code, stdout, stderr } = await erase("--user", "jane", "--yes");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout.split("\n")).toEqual([
      "removed:",
      "database    routing_logs 2, routing_outcomes 0, routing_feedback 0, routing_labels 0",
      "outbox      routing_logs 0, routing_outcomes 0, routing_feedback 0",
      "quarantine  routing_logs 0, routing_outcomes 0, routing_feedback 0",
      "",
    ]);
    expect(await database.query("SELECT count(*)::integer AS left FROM routing_logs")).toEqual([{ left: 1 }]);
  });

  it("prints JSON, and takes a time", async () => {
    await logFor("june");
    const early = await erase("--user", "june", "--before", "2020-01-31", "--yes", "--json");
    expect(JSON.parse(early.stdout).database.routing_logs).toBe(0);
    const { code, stdout } = await erase("--user", "june", "--yes", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      database: { ...NONE, routing_logs: 1, routing_labels: 0 },
      outbox: NONE,
      quarantine: NONE,
      unreachedSegments: 0,
    });
  });

  it.each([
    ["nobody", ["--yes"], "expected one of --user, --key-hash and --conversation"],
    ["two", ["--user", "a", "--conversation", "b", "--yes"], "expected one of --user"],
    ["an empty id", ["--user", "", "--yes"], "not empty"],
    ["a time that is none", ["--user", "a", "--before", "soon"], "expected a time such as"],
    ["no terminal to ask at", ["--user", "a"], "found no terminal to ask at, expected --yes"],
  ])("exits with 2 where it is given %s", async (_title, args, message) => {
    const { code, stdout, stderr } = await erase(...args);
    expect(stderr).toContain(message);
    expect([code, stdout]).toEqual([2, ""]);
  });

  it("refuses a schema that is newer than the program: it may have tables that keep what was to go", async () => {
    await logFor("jade");
    await database.query("INSERT INTO signalbox_migrations (id, name) VALUES (9999, 'later')");
    const refused = await erase("--user", "jade", "--yes");
    await database.query("DELETE FROM signalbox_migrations WHERE id = 9999");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("Cannot use this database: found schema version 9999");
    expect((await erase("--user", "jade", "--yes")).stdout).toContain("database    routing_logs 1,");
  });

  it("exits with 1 where the database is away", async () => {
    const { code, stderr } = await runCli(["erase", "--user", "a", "--yes"], {
      cwd: stateDir,
      env: { DATABASE_URL: "postgres://nobody@127.0.0.1:1/nothing", SIGNALBOX_STATE_DIR: stateDir },
    });
    expect(code).toBe(1);
    expect(stderr).toContain("ECONNREFUSED");
  });
});

import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Sidecar, startSidecar } from "../../src/main.ts";
import { readSettings } from "../../src/settings.ts";
import { cloneDatabase, type TestDatabase } from "../support/database.ts";
import { runCli } from "../support/run-cli.ts";
import { POLICY, policyOf } from "../support/sidecar-app.ts";
import { openTcpProxy, type TcpProxy } from "../support/tcp-proxy.ts";
import { until } from "../support/until.ts";

const SECRET = "feedback-secret-of-a-test";
const folder = mkdtempSync(join(tmpdir(), "signalbox-feedback-"));

let database: TestDatabase;
let proxy: TcpProxy;
let sidecar: Sidecar;
let env: Record<string, string>;
let decisionId: string;

beforeAll(async () => {
  database = await cloneDatabase();
  const url = new URL(database.url);
  proxy = await openTcpProxy(Number(url.port));
  url.port = String(proxy.port);
  const settings = readSettings({
    SIGNALBOX_STATE_DIR: folder,
    SIGNALBOX_PORT: "0",
    SIGNALBOX_FEEDBACK_SECRET: `${SECRET}, the-next-secret-of-it`,
  });
  const logger = pino({ level: "silent" });
  sidecar = await startSidecar({
    settings,
    policy: policyOf(POLICY),
    env: {},
    logger,
    databaseUrl: url.href,
  });
  env = { SIGNALBOX_PORT: new URL(sidecar.url).port, SIGNALBOX_FEEDBACK_SECRET: SECRET };
  const response = await fetch(`${sidecar.url}/v1/route`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"body": {"model": "auto", "messages": [{"role": "user", "content": "hello"}]}}',
  });
  decisionId = String(Object.assign({ decision_id: "" }, await response.json()).decision_id);
});

afterAll(async () => {
  await sidecar.close();
  await proxy.close();
  await database.drop();
  rmSync(folder, { recursive: true });
});

const feedback = (args: readonly string[], more: Record<string, string> = {}) =>
  runCli(["feedback", ...args], { cwd: folder, env: { ...env, ...more } });

describe("signalbox feedback", () => {
  it("has the sidecar keep a rating, which reaches the database once it is back", async () => {
    await proxy.cut();
    const { code, stdout, stderr } = await feedback([
      decisionId,
      "down",
      "--expected-tier",
      "complex",
      "--comment",
      "it's too shallow 😀",
    ]);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    const [, id] = /^feedback (\S+) is kept\n$/.exec(stdout) ?? [];
    await proxy.restore();
    const rows = () => database.query("SELECT * FROM routing_feedback");
    await until(async () => (await rows()).length > 0);
    expect(await rows()).toEqual([
      {
        id,
        decision_id: decisionId,
        created_at: expect.any(Date),
        rating: "down",
        expected_tier: "complex",
        comment: "it's too shallow 😀",
        source: "cli",
      },
    ]);
    const joined = () =>
      database.query("SELECT feedback_up, feedback_down, expected_tier FROM routing_training WHERE id = $1", [
        decisionId,
      ]);
    // The decision takes a way of its own.
    await until(async () => (await joined()).length > 0);
    expect(await joined()).toEqual([{ feedback_up: 0, feedback_down: 1, expected_tier: "complex" }]);
  });

  it.each([
    [
      "a rating that is none",
      ["01a1fa80-507c-760a-b2bc-469b6c9a707f", "five"],
      2,
      "Allowed choices are up, down",
    ],
    ["no rating", ["01a1fa80-507c-760a-b2bc-469b6c9a707f"], 2, "missing required argument 'rating'"],
    ["an id that is none", ["7", "up"], 2, "decision_id: expected the x-signalbox-decision-id"],
    [
      "a tier that is none",
      ["01a1fa80-507c-760a-b2bc-469b6c9a707f", "up", "--expected-tier", "huge"],
      2,
      "expected one of simple, complex",
    ],
    [
      "a decision of years ago",
      ["017f22e2-79b0-7cc3-98c4-dc0c0c07398f", "up"],
      1,
      "older than the log keeps",
    ],
    [
      "a decision that is to come",
      ["ffffffff-ffff-7cc3-98c4-dc0c0c07398f", "up"],
      1,
      "no decision of that id",
    ],
  ])("says what is wrong with %s", async (_title, args, exitCode, message) => {
    const { code, stdout, stderr } = await feedback(args);
    expect(stderr).toContain(message);
    expect([code, stdout]).toEqual([exitCode, ""]);
  });

  it("names the secret where the sidecar refuses it", async () => {
    const { code, stderr } = await feedback([decisionId, "up"], {
      SIGNALBOX_FEEDBACK_SECRET: "another-secret-entirely",
    });
    expect(code).toBe(1);
    expect(stderr).toContain("SIGNALBOX_FEEDBACK_SECRET");
  });

  it("says where it looked where no sidecar runs", async () => {
    const { code, stderr } = await feedback([decisionId, "up"], { SIGNALBOX_PORT: "1" });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^Cannot reach the sidecar: .*ECONNREFUSED.* at 127\.0\.0\.1:1, expected one that runs/,
    );
  });

  it("says so where somebody else answers", async () => {
    const other = createServer((_request, response) => response.end("hello"));
    await new Promise<void>((resolve) => other.listen(join(folder, "other.sock"), resolve));
    const { code, stderr } = await feedback([decisionId, "up"], {
      SIGNALBOX_SOCKET: join(folder, "other.sock"),
    });
    other.close();
    expect(code).toBe(1);
    expect(stderr).toContain("found status 200 and no JSON object, expected a sidecar");
  });
});

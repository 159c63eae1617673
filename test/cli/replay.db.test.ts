import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Sidecar, startSidecar } from "../../src/main.ts";
import { readSettings } from "../../src/settings.ts";
import { cloneDatabase, type TestDatabase } from "../support/database.ts";
import { runCli } from "../support/run-cli.ts";
import { policyOf } from "../support/sidecar-app.ts";
import { until } from "../support/until.ts";

const POLICY = `
model_list:
  - {model_name: small, litellm_params: {model: openai/small}}
  - {model_name: middle, litellm_params: {model: openai/middle}}
  - {model_name: large, litellm_params: {model: openai/large}}
  - {model_name: auto, litellm_params: {model: openai/small}}
routing:
  fallback_tier: simple
  explore: 0.3
  tiers:
    simple: {score_range: [0, 40], model: small}
    medium: {score_range: [41, 60], model: middle}
    complex: {score_range: [61, 100], model: large}
  aliases: {auto: auto_route}
  rules:
    - {name: research, when: {team_id: research}, tier: complex}
  classifier: {strategy: static}
  collector: {store_text: full}
`;
/** Easy asks go to middle, and nothing is tried by lot. */
const STRONGER = POLICY.replace("[0, 40]", "[0, 5]")
  .replace("[41, 60]", "[6, 60]")
  .replace("  explore: 0.3\n", "");

const CATALOG = {
  revision: "1",
  models: [
    { name: "small", input_cost_per_token: 1e-7, output_cost_per_token: 1e-6 },
    { name: "middle", input_cost_per_token: 1e-6, output_cost_per_token: 1e-5 },
    { name: "large", input_cost_per_token: null, output_cost_per_token: null },
  ],
};

const EASY = 600;
const RESEARCH = 20;

const folder = mkdtempSync(join(tmpdir(), "signalbox-replay-"));
const stronger = join(folder, "stronger.yaml");
let database: TestDatabase;
let sidecar: Sidecar;
let env: Record<string, string>;

/** What small and middle reach and cost: 1 of 2, and 9 of 10 succeed. */
const OUTCOMES = `
  INSERT INTO routing_outcomes (decision_id, reported_at, served_by, status, cost_usd, source)
  SELECT id, timestamp, resolved_model,
    CASE WHEN n % CASE resolved_model WHEN 'small' THEN 2 ELSE 10 END = 0 THEN 'failure' ELSE 'success' END,
    CASE resolved_model WHEN 'small' THEN 0.001 ELSE 0.01 END, 'callback'
  FROM (SELECT *, row_number() OVER (PARTITION BY resolved_model ORDER BY id) AS n FROM routing_logs) AS rows`;

beforeAll(async () => {
  writeFileSync(stronger, STRONGER);
  writeFileSync(join(folder, "gateway.yaml"), POLICY);
  database = await cloneDatabase();
  env = { SIGNALBOX_STATE_DIR: folder, DATABASE_URL: database.url };
  sidecar = await startSidecar({
    settings: readSettings({ ...env, SIGNALBOX_PORT: "0" }),
    policy: policyOf(POLICY),
    env: {},
    logger: pino({ level: "silent" }),
    databaseUrl: database.url,
  });
  await send("PUT", "/v1/catalog", CATALOG);
  for (let at = 0; at < EASY; at += 1) await ask(`hello there, number ${at}`, "core");
  for (let at = 0; at < RESEARCH; at += 1) await ask(`hello there, researcher ${at}`, "research");
  const stored = () => database.query("SELECT count(*)::int AS rows FROM routing_logs");
  await until(async () => (await stored())[0]?.rows === EASY + RESEARCH);
  await database.query(OUTCOMES);
});
afterAll(async () => {
  await sidecar.close();
  await database.drop();
  rmSync(folder, { recursive: true });
});

async function send(method: string, path: string, body: object): Promise<void> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${sidecar.url}${path}`, { method, headers, body: JSON.stringify(body) });
  expect(response.status).toBe(200);
  await response.text();
}

const ask = (content: string, team: string) =>
  send("POST", "/v1/route", {
    body: { model: "auto", messages: [{ role: "user", content }] },
    caller: { team_id: team },
  });

const replay = (...args: string[]) => runCli(["replay", "--policy", stronger, ...args], { env, cwd: folder });

async function replayJson(...args: string[]) {
  const { code, stdout, stderr } = await replay("--json", ...args);
  expect([code, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout);
}

async function countOf(model: string): Promise<number> {
  const [row] = await database.query(
    "SELECT count(*)::int AS rows FROM routing_logs WHERE resolved_model = $1",
    [model],
  );
  return Number(row?.rows);
}

describe("signalbox replay", () => {
  it("tells what would change, by tier, model and estimated cost, and how many rows have no price", async () => {
    const report = await replayJson();
    const [small, middle, large] = [await countOf("small"), await countOf("middle"), await countOf("large")];
    expect(small + middle).toBe(EASY);
    expect(report).toMatchObject({
      rows: EASY + RESEARCH,
      decided: EASY + RESEARCH,
      unreadable: 0,
      undecided: {},
    });
    expect(report.scored_by).toEqual({ log: 0, text: EASY, features: 0, none: RESEARCH });
    expect(report.models).toEqual({
      small: { before: small, after: 0 },
      middle: { before: middle, after: EASY },
      large: { before: large, after: RESEARCH },
    });
    expect(report.moves).toEqual({ "simple -> medium": small });
    expect([report.changed, report.changed_explored]).toEqual([small, 0]);
    expect(report.cost).toMatchObject({ rows: EASY, unknown: RESEARCH });
    const [sum] = await database.query("SELECT sum(estimated_cost_usd) AS usd FROM routing_logs");
    expect(report.cost.before_usd).toBeCloseTo(Number(sum?.usd), 9);
    const [dear] = await database.query(
      "SELECT avg(estimated_cost_usd) AS usd FROM routing_logs WHERE resolved_model = 'middle'",
    );
    expect(report.cost.after_usd / EASY).toBeCloseTo(Number(dear?.usd), 6);
    expect(report.changes).toHaveLength(10);
    expect(report.changes[0]).toMatchObject({ before: { model: "small" }, after: { model: "middle" } });
  });

  it("estimates success and cost of the policy by what was tried at random", async () => {
    const { success, cost_usd, left_out } = (await replayJson()).off_policy;
    expect(success.calls).toBe(EASY);
    expect(success.matched).toBe(await countOf("middle"));
    expect(success.effectiveSize).toBeGreaterThan(100);
    expect(success.estimate.value).toBeCloseTo(0.9, 1);
    expect(success.estimate.low).toBeLessThan(success.estimate.value);
    expect(success.logged).toBeLessThan(0.75);
    expect(Math.abs(success.meanWeight - 1)).toBeLessThan(0.25);
    expect(cost_usd.estimate.value).toBeCloseTo(0.01, 6);
    expect(left_out).toEqual({ "its model was not drawn at random": RESEARCH });
  });

  it("refuses an estimate of too few conversations, and says why", async () => {
    const [row] = await database.query("SELECT timestamp FROM routing_logs ORDER BY id OFFSET 60 LIMIT 1");
    const at = row?.timestamp instanceof Date ? row.timestamp.toISOString() : "";
    const { stdout } = await replay("--until", at);
    expect(stdout).toMatch(
      /success +not told: effective sample size \d+ conversations, \d+ of \d+ calls match, and below 100/,
    );
  });

  it("changes nothing under the policy that decided", async () => {
    const args = ["--policy", join(folder, "gateway.yaml"), "--json"];
    const report = JSON.parse((await runCli(["replay", ...args], { env, cwd: folder })).stdout);
    expect(report).toMatchObject({ decided: EASY + RESEARCH, changed: 0 });
    expect(report.scored_by).toEqual({ log: EASY, text: 0, features: 0, none: RESEARCH });
  });

  it.each(["jsonl", "csv", "parquet"])("reads an export as %s the same as the database", async (format) => {
    const file = `rows.${format}`;
    await runCli(["export", "--format", format, "--out", file], { env, cwd: folder });
    expect(await replayJson("--in", file)).toEqual(await replayJson());
  });

  it("names rows that it cannot read by their id, and goes on", async () => {
    await runCli(["export", "--out", "bad.jsonl"], { env, cwd: folder });
    appendFileSync(
      join(folder, "bad.jsonl"),
      '{"id": "01a1fa80-507c-760a-b2bc-469b6c9a707f", "score": "high"}\nnonsense\n',
    );
    const { code, stdout, stderr } = await replay("--in", "bad.jsonl", "--out", "changed.jsonl");
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^01a1fa80-507c-760a-b2bc-469b6c9a707f: \w+: .+\nline 622: found text that is no JSON/,
    );
    expect(stdout).toContain("not read      2, named above");
    const lines = readFileSync(join(folder, "changed.jsonl"), "utf8").trimEnd().split("\n");
    expect(lines).toHaveLength(await countOf("small"));
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      before: { tier: "simple" },
      after: { tier: "medium" },
    });
  });

  it("decides by features where no text is exported, and says what a rule asks that is not logged", async () => {
    await runCli(["export", "--no-text", "--out", "mute.jsonl"], { env, cwd: folder });
    const trained = join(folder, "trained.yaml");
    writeFileSync(trained, STRONGER.replace("strategy: static", "strategy: ml"));
    const run = async (policy: string) =>
      JSON.parse(
        (await runCli(["replay", "--policy", policy, "--in", "mute.jsonl", "--json"], { env, cwd: folder }))
          .stdout,
      );
    const byFeatures = await run(trained);
    expect(byFeatures.scored_by).toEqual({ log: 0, text: 0, features: EASY, none: RESEARCH });
    const asking = join(folder, "asking.yaml");
    writeFileSync(
      asking,
      STRONGER.replace("rules:", "rules:\n    - {when: {text_contains: hello}, model: large}"),
    );
    const undecided = await run(asking);
    expect(undecided.undecided).toEqual({
      "a rule asks for text_contains, which is not logged": EASY + RESEARCH,
    });
  });

  it.each([
    [[], 2, "--policy"],
    [["--policy", "none.yaml"], 2, "none.yaml"],
    [["--policy", stronger, "--in", "none.jsonl"], 2, "none.jsonl"],
    [["--policy", stronger, "--changes", "many"], 2, "whole number"],
    [["--policy", stronger, "--out", "-"], 2, "expected --out FILE"],
  ])("exits for %j with %i", async (args, exitCode, message) => {
    const { code, stdout, stderr } = await runCli(["replay", ...args], { env, cwd: folder });
    expect([code, stdout]).toEqual([exitCode, ""]);
    expect(stderr).toContain(message);
  });
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import request from "supertest";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CLI, runCli } from "../support/run-cli.ts";
import { createTestApp, POLICY } from "../support/sidecar-app.ts";

const folder = mkdtempSync(join(tmpdir(), "signalbox-cli-"));
const config = join(folder, "gateway.yaml");
const env = { SIGNALBOX_CONFIG: config, SIGNALBOX_STATE_DIR: join(folder, "state") };

/** All that is left to chance, so that each of the texts falls somewhere. */
const LOTS = `
model_list:
  - {model_name: small, litellm_params: {model: openai/small}}
  - {model_name: other, litellm_params: {model: openai/other}}
  - {model_name: auto, litellm_params: {model: openai/small}}
routing:
  fallback_tier: low
  rollout: {percent: 50}
  explore: 0.5
  tiers:
    low: {score_range: [0, 60], models: [{model: small, weight: 1}, {model: other, weight: 1}], pick: weighted}
    high: {score_range: [61, 100], models: [{model: other, weight: 1}, {model: small, weight: 1}], pick: weighted}
  aliases: {auto: auto_route}
  classifier: {strategy: static}
`;

const write = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

beforeAll(() => {
  write("gateway.yaml", POLICY);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("signalbox", () => {
  it.each(["up", "serve", "check", "route", "explain", "replay", "score", "migrate", "export"])(
    "%s --help shows examples",
    async (name) => {
      const { code, stdout } = await runCli([name, "--help"]);
      expect(code).toBe(0);
      expect(stdout).toContain(`$ signalbox ${name}`);
    },
  );

  it("serve loads the modules of no other command", async () => {
    const tell = `process.stdout.write("loaded " + url + "\\n")`;
    const hook = `import { registerHooks } from "node:module"; registerHooks({ load(url, context, next) { ${tell}; return next(url, context); } });`;
    const NODE_OPTIONS = `--import="data:text/javascript,${encodeURIComponent(hook)}"`;
    const loadedBy = async (...args: string[]) => (await runCli(args, { env: { NODE_OPTIONS } })).stdout;
    const others = ["cli/train.ts", "cli/export.ts", "cli/up/up-command.ts", "learn/"];
    const serve = await loadedBy("serve", "--help");
    expect(serve).toContain("src/main.ts");
    expect(others.filter((part) => serve.includes(`/src/${part}`))).toEqual([]);
    const check = await loadedBy("check", "--help");
    expect(others.filter((part) => !check.includes(`/src/${part}`))).toEqual([]);
  });

  it("lists its commands within 80 columns", async () => {
    const { stdout } = await runCli(["--help"]);
    const [, listed = ""] = /Commands:\n([\s\S]*?)\n\n/.exec(stdout) ?? [];
    expect(listed).toContain("  feedback ");
    expect(listed.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  it.each([
    ["migrate"],
    ["label", "--import", "labels.jsonl"],
    ["erase", "--user", "jane", "--yes"],
    ["export"],
  ])("%s says which database it did not find", async (...args) => {
    write("labels.jsonl", "");
    const DATABASE_URL = "postgres://jane:secret@127.0.0.1:1/log";
    const { code, stderr } = await runCli(args, { cwd: folder, env: { ...env, DATABASE_URL } });
    expect(code).toBe(1);
    expect(stderr).toContain(
      "Cannot connect to PostgreSQL at 127.0.0.1:1, database log: connect ECONNREFUSED",
    );
    expect(stderr).not.toContain("secret");
  });

  it.each([
    ["score", "--in"],
    ["evaluate", "--data"],
  ])("%s says of a file of Parquet or CSV what it is, once", async (...args) => {
    const parquet = write("rows.parquet", "PAR1\n\n\nPAR1");
    const csv = write("rows.csv", "id,prompt\n1,hi\n2,hello\n");
    for (const [file, form] of [
      [parquet, "Parquet"],
      [csv, "CSV"],
    ] as const) {
      const { code, stderr } = await runCli([...args, file], { env });
      expect(code).toBe(2);
      expect(stderr).toBe(`Cannot read ${file}: found ${form}, expected JSON lines\n`);
    }
  });

  it("up exits with 2 and names the state folder where nothing can be kept in it", async () => {
    const SIGNALBOX_STATE_DIR = join(config, "state");
    const { code, stderr } = await runCli(["up"], { env: { ...env, SIGNALBOX_STATE_DIR } });
    expect(code).toBe(2);
    expect(stderr).toContain(`Cannot keep anything in ${SIGNALBOX_STATE_DIR}: found ENOTDIR`);
  });

  it.each([["route", "hello"], ["check"], ["--help"], ["train", "--help"]])(
    "%s says nothing when its reader is gone before it writes",
    async (...args) => {
      const child = spawn(process.execPath, [CLI, ...args], {
        env: { ...process.env, ...env },
        stdio: ["ignore", "pipe", "pipe"],
      });
      child.stdout.destroy();
      const [told, [code]] = await Promise.all([text(child.stderr), once(child, "close")]);
      expect({ told, code }).toEqual({ told: "", code: 0 });
    },
  );

  it("exits with 2 for a command that it does not know", async () => {
    const { code, stderr } = await runCli(["rout"]);
    expect(code).toBe(2);
    expect(stderr).toContain("Did you mean");
  });

  it("exits with 2 and names every variable of the environment that is wrong, without its value", async () => {
    const { code, stderr } = await runCli(["check"], {
      env: { SIGNALBOX_PORT: "many", SIGNALBOX_SECRET: "short" },
    });
    expect(code).toBe(2);
    expect(stderr).toMatch(/SIGNALBOX_PORT.*SIGNALBOX_SECRET/);
    expect(stderr).not.toMatch(/many|short/);
    expect(stderr).toContain("SIGNALBOX_PORT: expected a port in 0..65535");
  });
});

describe("signalbox with a .env", () => {
  it("reads it, and what is set already wins", async () => {
    const cwd = mkdtempSync(join(folder, "dotenv-"));
    writeFileSync(join(cwd, ".env"), `SIGNALBOX_CONFIG=${config}\n`);
    expect(await runCli(["check"], { cwd })).toMatchObject({ code: 0 });
    expect(await runCli(["check"], { cwd, env: { SIGNALBOX_CONFIG: "elsewhere.yaml" } })).toMatchObject({
      code: 2,
    });
  });

  it("reads every variable of one that begins with a byte order mark", async () => {
    const cwd = mkdtempSync(join(folder, "dotenv-"));
    writeFileSync(join(cwd, ".env"), "\uFEFFSIGNALBOX_PORT=many\nLITELLM_PORT=many\n");
    const { code, stderr } = await runCli(["check"], { cwd });
    expect(code).toBe(2);
    expect(stderr).toMatch(/SIGNALBOX_PORT.*LITELLM_PORT/);
  });

  it("does not read it for serve, which is to have no provider key", async () => {
    const cwd = mkdtempSync(join(folder, "dotenv-"));
    writeFileSync(join(cwd, ".env"), `SIGNALBOX_CONFIG=${config}\n`);
    const { code, stderr } = await runCli(["serve"], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain("gateway.yaml");
  });
});

describe("signalbox check", () => {
  it("says that a valid file is valid", async () => {
    const { code, stdout } = await runCli(["check", config]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/gateway\.yaml is valid: 2 tiers, 3 models, 1 aliases/);
  });

  it("exits with 2 and prints every problem of a bad file", async () => {
    const bad = write(
      "bad.yaml",
      POLICY.replace("model: small}", "model: smal}").replace("66, 100", "67, 100"),
    );
    const { code, stderr } = await runCli(["check", bad]);
    expect(code).toBe(2);
    expect(stderr).toContain("smal");
    expect(stderr).toContain("score_range");
  });

  it("exits with 2 for a file that is not there", async () => {
    const { code, stderr } = await runCli(["check", join(folder, "nowhere.yaml")]);
    expect(code).toBe(2);
    expect(stderr).toContain("nowhere.yaml");
  });

  it("runs decision cases and exits with 1 where one differs", async () => {
    const cases = mkdtempSync(join(folder, "cases-"));
    const request = "{model: auto, messages: [{role: user, content: hello}]}";
    const one = (wanted: string) =>
      `cases:\n  - {description: greets, request: ${request}, wanted: ${wanted}}\n`;
    writeFileSync(join(cases, "a.yaml"), one("{tier: simple, model: small}"));
    expect(await runCli(["check", config, "--cases", cases])).toMatchObject({
      code: 0,
      stdout: "1 of 1 cases hold\n",
    });
    writeFileSync(join(cases, "b.yaml"), one("{tier: complex}"));
    const differing = await runCli(["check", config, "--cases", cases]);
    expect(differing.code).toBe(1);
    expect(differing.stdout).toContain('tier: found "simple", expected "complex"');
  });
});

describe("signalbox route", () => {
  it("explains a decision to people", async () => {
    const { code, stdout } = await runCli(["route", "hello"], { env });
    expect(code).toBe(0);
    expect(stdout).toMatch(/model +auto -> small/);
    expect(stdout).toContain("classify");
  });

  it("draws lots as the service does, and says how they fell", async () => {
    const lots = write("lots.yaml", LOTS);
    const { app } = createTestApp({ policy: LOTS });
    const modes = new Set<string>();
    for (const text of ["hello", "good day"]) {
      const body = { model: "auto", messages: [{ role: "user", content: text }] };
      const { stdout } = await runCli(["route", "--json", "--config", lots, text], { env });
      const served = await request(app).post("/v1/simulate").send({ body });
      const { model, mode, trace } = JSON.parse(stdout);
      expect(served.body).toMatchObject({ model, mode, trace });
      modes.add(mode);
    }
    expect([...modes].toSorted()).toEqual(["enforce", "shadow"]);
    const { stdout } = await runCli(["route", "--config", lots, "hello"], { env });
    expect(stdout).toMatch(/ {2}rollout +in the group (?:policy|control), at 50 %, drawn 0\.\d{4}/);
    expect(stdout).toMatch(/ {2}explore +low -> (?:low|high), drawn 0\.\d{4}/);
    expect(stdout).toMatch(/ {2}candidates +picked by weighted, drawn 0\.\d{4}/);
  });

  it("prints the decision as JSON to programs, from a body on standard input", async () => {
    const body = JSON.stringify({ model: "large", messages: [{ role: "user", content: "hello" }] });
    const { stdout } = await runCli(["route", "--json", "--body", "-"], { env, input: body });
    expect(JSON.parse(stdout)).toMatchObject({ method: "passthrough", model: "large", rewrite: false });
  });

  it("asks for the model of --model instead of the body's own", async () => {
    const body = JSON.stringify({ model: "large", messages: [{ role: "user", content: "hello" }] });
    const args = ["route", "--json", "--model", "auto", "--body", "-"];
    const { stdout } = await runCli(args, { env, input: body });
    expect(JSON.parse(stdout)).toMatchObject({ method: "auto", requestedModel: "auto" });
  });

  it("takes an envelope, whose caller and headers rules and overrides go by", async () => {
    const body = { model: "large", messages: [{ role: "user", content: "hello" }] };
    const teams = write(
      "teams.yaml",
      `${POLICY}  rules: [{name: core, when: {team_id: core, tag: night}, min_tier: complex}]\n`,
    );
    const envelope = {
      body,
      caller: { team_id: "core" },
      tags: ["night"],
      headers: { "x-signalbox-tier": "simple" },
    };
    const args = ["route", "--json", "--model", "auto", "--config", teams, "--body", "-"];
    const { stdout, stderr } = await runCli(args, { env, input: JSON.stringify(envelope) });
    expect(stderr).toBe("");
    const { trace } = JSON.parse(stdout);
    expect(trace).toContainEqual({ step: "rules", matched: ["core"], near: [] });
    expect(trace).toContainEqual({ step: "overrides", taken: ["x-signalbox-tier"], ignored: [] });
  });

  it("exits with 2 where it gets neither a text nor a body", async () => {
    expect((await runCli(["route"], { env })).code).toBe(2);
  });

  it.each(["[]", "7", "no json"])("exits with 2 for a body that is %s", async (input) => {
    const { code, stderr } = await runCli(["route", "--body", "-"], { env, input });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^Cannot (route|read)/);
  });
});

describe("signalbox score", () => {
  it("keeps the order, reports a bad line with its number, and goes on", async () => {
    const lines = [
      '{"id": "a", "prompt": "hello"}',
      "no json",
      '{"id": 2, "body": {"messages": 5}}',
      '{"prompt": "x"}',
      "",
    ];
    const input = [...lines, '{"id": 3, "prompt": "prove it"}'].join("\n");
    const { code, stdout, stderr } = await runCli(["score"], { env, input });
    expect(code).toBe(1);
    const rows = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(rows.map(({ id }) => id)).toEqual(["a", 2, 3]);
    expect(rows[0]).toMatchObject({ tier: "simple", model: "small", method: "auto", strategy: "static" });
    expect(rows[1]).toMatchObject({ method: "fallback", score: null });
    expect(stderr).toMatch(/line 2: .*JSON/);
    expect(stderr).toMatch(/line 4: .*expected \{id, prompt\}/);
  });

  it("writes what it reads from files, 2,000 lines in order", async () => {
    const prompts = Array.from({ length: 2_000 }, (_, id) =>
      JSON.stringify({ id, prompt: `question ${id}` }),
    ).join("\n");
    const out = join(folder, "scores.jsonl");
    const { code } = await runCli(["score", "--in", write("prompts.jsonl", prompts), "--out", out], { env });
    expect(code).toBe(0);
    const ids = readFileSync(out, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).id);
    expect(ids).toEqual(Array.from({ length: 2_000 }, (_, id) => id));
  });
});

describe("signalbox score with files that do not fit", () => {
  it("exits with 2 and leaves the file alone where it is to write what it reads", async () => {
    const text = '{"id": 1, "prompt": "hello"}';
    const file = write("same.jsonl", text);
    const { code, stderr } = await runCli(["score", "--in", file, "--out", file], { env });
    expect(code).toBe(2);
    expect(stderr).toContain("found the file that is read, expected another one");
    expect(readFileSync(file, "utf8")).toBe(text);
  });

  it.each([
    ["score", "--in", "nowhere.jsonl"],
    ["score", "--out", "no/folder/scores.jsonl"],
    ["check", "--cases", "nowhere"],
  ])("%s exits with 2 where %s names %s", async (...args) => {
    const { code, stderr } = await runCli(args, { env });
    expect(code).toBe(2);
    expect(stderr).toMatch(/Cannot (read|write|check)/);
  });

  it.each([
    ["is no gzip", () => write("broken.jsonl.gz", "hello")],
    ["is a folder", () => folder],
  ])("names a file that %s", async (_, file) => {
    const { code, stderr } = await runCli(["score", "--in", file()], { env });
    expect(code).toBe(2);
    expect(stderr).toContain(`Cannot read ${file()}: `);
  });

  it("takes the line separators of Unicode as part of a prompt", async () => {
    const lines = '{"id": 1, "prompt": "one\u2028two\u2029three"}\n{"id": 2, "prompt": "hello"}\n';
    const { code, stdout } = await runCli(["score", "--in", write("separators.jsonl", lines)], { env });
    expect(code).toBe(0);
    expect(stdout.trim().split("\n")).toHaveLength(2);
  });

  it("reads a file that begins with a byte order mark", async () => {
    const { code, stdout } = await runCli(["score"], { env, input: '\ufeff{"id": 1, "prompt": "hello"}' });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ id: 1, tier: "simple" });
  });
});

describe("signalbox export", () => {
  it("exits with 2 for a DATABASE_URL that is none of PostgreSQL, without its password", async () => {
    const { code, stderr } = await runCli(["export"], {
      env: { ...env, DATABASE_URL: "mysql://me:canary@db/log" },
    });
    expect(code).toBe(2);
    expect(stderr).toContain("DATABASE_URL: expected postgres://");
    expect(stderr).not.toContain("canary");
  });

  it("exits with 2 where there is no database", async () => {
    const { code, stderr } = await runCli(["export"], { env: { ...env, DATABASE_URL: "" } });
    expect(code).toBe(2);
    expect(stderr).toContain("DATABASE_URL");
  });
});

/** `signalbox up` as a newcomer meets it: no key, an empty state folder, the printed command pasted into a shell. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { processStart } from "../../src/log/postgres/process-table.ts";
import { readFences } from "../support/markdown.ts";
import { until } from "./support/until.ts";

const project = resolve(import.meta.dirname, "../..");
const script = join(project, "scripts", "signalbox.mjs");
const pythonBin = process.env.SIGNALBOX_PYTHON_BIN ?? join(project, ".signalbox", "venv", "bin");
const folder = mkdtempSync(join(tmpdir(), "signalbox-up-"));
const env = {
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  LITELLM_PORT: "0",
  SIGNALBOX_PORT: "0",
};

/** A start on a busy machine, and one that has to install LiteLLM again, in milliseconds. */
const START_MS = 400_000;
const STOP_MS = 60_000;

/** What of the README can be run beside a start, which is what this file is about. */
const README_BLOCKS = readFences(readFileSync(join(project, "README.md"), "utf8")).filter(
  ({ language, text }) => ["sh", "python", "js"].includes(language) && text !== "npm start",
);
const README_PROGRAMS: Readonly<Record<string, { readonly file: string; readonly command: string }>> = {
  sh: { file: "readme.sh", command: "bash" },
  python: { file: "readme.py", command: join(resolve(pythonBin), "python") },
  js: { file: "readme.mjs", command: process.execPath },
};

/** A UUIDv7, the last that a program of feedback prints. */
const FEEDBACK_ID = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\W*$/;

let up: ChildProcess;
const printed: string[] = [];

beforeAll(async () => {
  chmodSync(folder, 0o755);
  for (const file of ["gateway.yaml", "litellm-config.yaml"]) cpSync(join(project, file), join(folder, file));
  mkdirSync(join(folder, ".signalbox"));
  // The environment that `npm test` has set up is used, not made anew.
  symlinkSync(dirname(resolve(pythonBin)), join(folder, ".signalbox", "venv"));
  // What the commands and programs of the README find in a clone.
  for (const part of ["scripts", "node_modules"]) symlinkSync(join(project, part), join(folder, part));
  up = spawn(process.execPath, [script, "up"], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [up.stdout, up.stderr]) {
    if (stream) createInterface({ input: stream }).on("line", (line) => printed.push(line));
  }
  await until("the end of the start", START_MS, async () =>
    printed.includes("Ctrl-C stops everything.") || up.exitCode !== null ? true : null,
  );
}, START_MS);

afterAll(async () => {
  if (up.exitCode === null) {
    up.kill("SIGTERM");
    await once(up, "exit");
  }
  rmSync(folder, { recursive: true, force: true });
}, STOP_MS);

/** Ids of what this run started: its descendants, and the database, which leaves the family but names the folder. */
function processes(): readonly number[] {
  const rows = execFileSync("ps", ["-A", "-ww", "-o", "pid=,ppid=,args="], { encoding: "utf8" })
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .map(([pid, parent, ...args]) => ({ pid: Number(pid), parent: Number(parent), args: args.join(" ") }));
  const family = new Set([up.pid]);
  for (const { pid, parent, args } of rows) if (family.has(parent) || args.includes(folder)) family.add(pid);
  return rows.map(({ pid }) => pid).filter((pid) => family.has(pid));
}

const curlCommand = () =>
  printed.find((line) => line.startsWith("curl ")) ?? `no curl in ${printed.join("\n")}`;

/** Asks another endpoint with the address and the key of the printed command. */
async function ask(path: string, body: object): Promise<Response> {
  const [, url = ""] = /(http:\/\/[\d.:]+)\//.exec(curlCommand()) ?? [];
  const [, key = ""] = /Bearer (\S+?)'/.exec(curlCommand()) ?? [];
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  return fetch(`${url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
}

describe("signalbox up", () => {
  it("says that no key is set and that answers are canned", () => {
    expect(printed.join("\n")).toMatch(/Demo mode, none of .*OPENAI_API_KEY.* is set/);
  });

  it("prints a curl command that answers as pasted, with the decision in the headers and in the database", async () => {
    const output = execFileSync("bash", ["-c", curlCommand()], { encoding: "utf8" });
    expect(output).toMatch(/^HTTP\/1.1 200/);
    const header = (name: string) => new RegExp(`^x-signalbox-${name}: (.*?)\\r?$`, "m").exec(output)?.[1];
    expect(header("method")).toBe("auto");
    expect(header("reason")).toContain("score");
    expect(output).toContain("This is a canned answer in the name of ");

    const id = header("decision-id") ?? "no id";
    const rows = () =>
      execFileSync(process.execPath, [script, "export", "--format", "jsonl"], {
        cwd: folder,
        env,
        encoding: "utf8",
      })
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line));
    const row = await until("the row", 20_000, async () => rows().find((found) => found.id === id) ?? null);
    expect(row).toMatchObject({ method: "auto", original_model: "auto", resolved_model: header("model") });
  });

  it.each([
    ["/v1/messages", { max_tokens: 50, messages: [{ role: "user", content: "hi" }] }, "event: message_stop"],
    ["/v1/responses", { input: "hi" }, "response.completed"],
    ["/v1/chat/completions", { messages: [{ role: "user", content: "hi" }] }, "[DONE]"],
    ["/v1/completions", { prompt: "hi" }, "[DONE]"],
  ])("streams canned answers on %s", async (path, body, end) => {
    const response = await ask(path, { model: "auto", stream: true, ...body });
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    expect(response.headers.get("x-signalbox-method")).toBe("auto");
    const text = await response.text();
    expect(text).toContain("canned");
    expect(text).toContain(end);
  });

  it("has nothing to restart, though canned answers stand in for the models of gateway.yaml", async () => {
    const [url = ""] = /http:\S+/.exec(printed.find((line) => line.includes(" sidecar ")) ?? "") ?? [];
    const status = z.object({ callback: z.object({ restart_litellm: z.array(z.string()) }) });
    const answer: unknown = await (await fetch(`${url}/v1/status`)).json();
    expect(status.parse(answer).callback.restart_litellm).toEqual([]);
  });

  it("refuses a second run in the same folder", () => {
    const second = () => execFileSync(process.execPath, [script, "up"], { cwd: folder, env, stdio: "pipe" });
    expect(second).toThrow("Cannot run `signalbox up`: found process");
  });

  it.each(README_BLOCKS)(
    "runs the $language of README.md, line $line",
    { timeout: START_MS },
    ({ language, text }) => {
      const program = README_PROGRAMS[language];
      if (program === undefined)
        throw new Error(`Cannot run ${language}: expected one of the README's languages`);
      const { file, command } = program;
      const [, url = "", key = ""] = /(http:\/\/[\d.:]+)\/.*Bearer (\S+?)'/.exec(curlCommand()) ?? [];
      const [sidecarUrl = ""] =
        /http:\S+/.exec(printed.find((line) => line.includes(" sidecar ")) ?? "") ?? [];
      const source = text
        .replaceAll("http://127.0.0.1:4000", url)
        .replaceAll("http://127.0.0.1:4100", sidecarUrl)
        .replaceAll("<LITELLM_MASTER_KEY>", key);
      writeFileSync(join(folder, file), source);
      const ran = spawnSync(command, [file], {
        cwd: folder,
        env: { ...env, LITELLM_MASTER_KEY: key },
        encoding: "utf8",
      });
      expect(ran.status, ran.stderr).toBe(0);
      // A command that writes a file says so beside its output.
      expect(ran.stdout + ran.stderr).not.toBe("");
      const output = ran.stdout;
      if (text.includes("/v1/feedback")) expect(output).toMatch(FEEDBACK_ID);
      expect(output).not.toContain('{"error":');
      if (text.startsWith("curl -sS -i")) expect(output).toMatch(/^HTTP\/1.1 200[\s\S]*x-signalbox-reason/);
    },
  );

  it("starts LiteLLM anew for a changed model_list, and fails no request meanwhile", {
    timeout: START_MS,
  }, async () => {
    const file = join(folder, "gateway.yaml");
    const added = "model_list:\n  - {model_name: brand-new, litellm_params: {model: openai/brand-new}}";
    const statuses: (number | undefined)[] = [];
    const [, url = "", key = ""] = /(http:\/\/[\d.:]+)\/.*Bearer (\S+?)'/.exec(curlCommand()) ?? [];
    // On a connection of its own: a pooled one may be closed in the moment in which it is used.
    const askOnce = (model: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
        const asked = request(
          `${url}/v1/chat/completions`,
          { method: "POST", agent: false, headers },
          (answer) => answer.resume().once("end", () => resolve(answer.statusCode)),
        );
        asked.once("error", reject);
        asked.end(JSON.stringify({ model, messages: [{ role: "user", content: "hi" }] }));
      });
    expect(await askOnce("brand-new")).toBe(200);
    writeFileSync(file, readFileSync(file, "utf8").replace("model_list:", added));
    const isDone = () => printed.filter((line) => /^LiteLLM is ready/.test(line)).length === 2;
    while (!isDone()) statuses.push(await askOnce("auto"));
    for (let more = 0; more < 30; more += 1) statuses.push(await askOnce("auto"));
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
    expect(printed.join("\n")).toContain("model_list changed");
    const models = await fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${key}` } });
    expect(await models.text()).toContain("brand-new");
  });

  it("stops everything it started on Ctrl-C", { timeout: STOP_MS }, async () => {
    const started = processes();
    // The wrapper, the supervisor, LiteLLM, the sidecar, PostgreSQL.
    expect(started.length).toBeGreaterThanOrEqual(5);
    const ended = once(up, "exit");
    up.kill("SIGINT");
    expect(await ended).toEqual([0, null]);
    expect(started.filter((pid) => processStart(pid) !== null)).toEqual([]);
    expect(printed.at(-1)).toBe("Stopped.");
  });
});

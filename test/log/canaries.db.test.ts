import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import {
  CANARY_PREFIX,
  createCanaries,
  type PlantedRequest,
  plantAbout,
  plantEverywhere,
} from "../support/canaries.ts";
import { cloneDatabase, type TestDatabase } from "../support/database.ts";
import { POLICY } from "../support/sidecar-app.ts";
import { until } from "../support/until.ts";

const CLI = fileURLToPath(new URL("../../src/cli/signalbox.ts", import.meta.url));
const ROUNDS = 8;
/** Every so many decisions one gets an outcome and feedback. */
const REPORTED_EVERY = 10;
const TEST_MS = 90_000;
/** Nobody listens on port 1, so rows stay in the outbox. */
const AWAY = "postgres://nobody@127.0.0.1:1/nothing";

const folders: string[] = [];
const databases: TestDatabase[] = [];
const children: ChildProcess[] = [];
afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  for (const database of databases) await database.drop();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

interface Running {
  readonly url: string;
  /** What the process printed, on both streams. */
  readonly printed: () => string;
  stop(): Promise<void>;
}

/** Runs `signalbox serve` as a user does, in `folder`, and says everything there is to say. */
async function serve(folder: string, databaseUrl: string): Promise<Running> {
  const env = {
    ...process.env,
    SIGNALBOX_CONFIG: join(folder, "gateway.yaml"),
    SIGNALBOX_STATE_DIR: join(folder, "state"),
    SIGNALBOX_PORT: "0",
    SIGNALBOX_SECRET: "",
    DATABASE_URL: databaseUrl,
    LOG_LEVEL: "trace",
  };
  const child = spawn(process.execPath, [CLI, "serve"], { env, stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (printed += String(data)));
  await until(() => printed.includes('"event":"listening"'));
  const url = /"url":"([^"]+)"/.exec(printed)?.[1] ?? "";
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
  };
  return { url, printed: () => printed, stop };
}

function newFolder(storeText: string): string {
  const folder = mkdtempSync(join(tmpdir(), "signalbox-canaries-"));
  folders.push(folder);
  writeFileSync(join(folder, "gateway.yaml"), `${POLICY}  collector: {store_text: ${storeText}}\n`);
  return folder;
}

/** Sends a request; gives the id of the decision that was made of it, null where none was. */
async function send(
  url: string,
  { path, method = "POST", headers, body }: PlantedRequest,
): Promise<string | null> {
  const response = await fetch(url + path, {
    method,
    headers: { "content-type": "application/json", ...headers },
    ...(method === "GET" ? {} : { body }),
  });
  const text = await response.text();
  if (!response.ok || !path.startsWith("/v1/route")) return null;
  return Object.assign({ decision_id: null }, JSON.parse(text)).decision_id;
}

interface Planted {
  readonly canaries: number;
  /** Ids. */
  readonly decisions: readonly string[];
}

async function plant(url: string, rounds: number): Promise<Planted> {
  const { next, planted } = createCanaries();
  const decisions: string[] = [];
  for (const request of Array.from({ length: rounds }, () => plantEverywhere(next)).flat()) {
    const id = await send(url, request);
    if (id !== null) decisions.push(id);
  }
  const reported = decisions.filter((_id, at) => at % REPORTED_EVERY === 0);
  for (const report of reported.flatMap((id) => plantAbout(id, next))) await send(url, report);
  return { canaries: planted(), decisions };
}

/** Everything that can be read without a parameter: metrics, status, decisions, figures, the catalogue. */
async function readAll(url: string): Promise<string> {
  const spec: { paths: Record<string, object> } = Object.assign(
    { paths: {} },
    await (await fetch(`${url}/openapi.json`)).json(),
  );
  const paths = Object.keys(spec.paths).filter(
    (path) => "get" in (spec.paths[path] ?? {}) && !path.includes("{"),
  );
  expect(paths).toContain("/v1/status");
  const texts = await Promise.all(
    [...paths, "/metrics"].map(async (path) => (await fetch(url + path)).text()),
  );
  return texts.join("\n");
}

function filesUnder(folder: string): string {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const paths = names.map((name) => join(folder, name)).filter((path) => statSync(path).isFile());
  return paths.map((path) => `${path}\n${readFileSync(path, "latin1")}`).join("\n");
}

async function dump(database: TestDatabase): Promise<string> {
  const tables = await database.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
  const rows = await Promise.all(
    tables.map(({ tablename }) => database.query(`SELECT row_to_json(t)::text AS row FROM ${tablename} t`)),
  );
  return rows
    .flat()
    .map(({ row }) => row)
    .join("\n");
}

/** The canaries that a text holds, with what stands around them. */
function canariesIn(text: string): string[] {
  return [...text.matchAll(new RegExp(`.{0,60}${CANARY_PREFIX}\\d+.{0,20}`, "g"))].map(([found]) => found);
}

describe("signalbox serve with store_text: none", () => {
  it("lets none of 1,000 canaries out of the requests that they were planted in", {
    timeout: TEST_MS,
  }, async () => {
    const folder = newFolder("none");
    const away = await serve(folder, AWAY);
    const { canaries, decisions } = await plant(away.url, ROUNDS);
    expect(canaries).toBeGreaterThan(1_000);
    expect(canariesIn(await readAll(away.url))).toEqual([]);
    const outbox = filesUnder(join(folder, "state", "outbox"));
    expect(outbox.split('"original_model"')).toHaveLength(decisions.length + 1);
    expect(canariesIn(filesUnder(join(folder, "state")))).toEqual([]);
    await away.stop();
    expect(canariesIn(away.printed())).toEqual([]);

    const database = await cloneDatabase();
    databases.push(database);
    const back = await serve(folder, database.url);
    const stored = async () => {
      const [row] = await database.query(`SELECT (SELECT count(*)::int FROM routing_logs) AS logs,
        (SELECT count(*)::int FROM routing_outcomes) AS outcomes, (SELECT count(*)::int FROM routing_feedback) AS feedback`);
      const reported = Math.ceil(decisions.length / REPORTED_EVERY);
      return row?.logs === decisions.length && row.outcomes === reported && row.feedback !== 0;
    };
    await until(stored);
    expect(canariesIn(await readAll(back.url))).toEqual([]);
    await back.stop();
    expect(canariesIn(back.printed())).toEqual([]);
    const rows = await dump(database);
    expect(rows).toContain('"original_model":"hmac:');
    expect(canariesIn(rows)).toEqual([]);
    expect(canariesIn(filesUnder(join(folder, "state")))).toEqual([]);
  });
});

describe("signalbox serve with store_text: full", () => {
  it("has the same canaries in its outbox, so that the test above can fail", {
    timeout: TEST_MS,
  }, async () => {
    const folder = newFolder("full");
    const away = await serve(folder, AWAY);
    await plant(away.url, 1);
    await away.stop();
    const found = canariesIn(filesUnder(join(folder, "state", "outbox")));
    expect(found.length).toBeGreaterThan(20);
  });
});

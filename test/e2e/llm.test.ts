import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type FakeChat, startFakeChat } from "../support/fake-ollama-chat.ts";
import { callsOf } from "./support/calls.ts";
import { layOutConfig, sidecarCommand } from "./support/commands.ts";
import { freePort } from "./support/listen.ts";
import { startLitellm } from "./support/litellm.ts";
import { promptOf } from "./support/prompts.ts";
import { RoutingLogs } from "./support/rows.ts";
import { Sidecar } from "./support/sidecar.ts";
import { until } from "./support/until.ts";

/** Longest wait for the LLM in the policy under test, in milliseconds. */
const LLM_TIMEOUT_MS = 1_000;
/** What LiteLLM and a busy machine take beside it, in milliseconds. */
const SLACK_MS = 3_000;
const SECRET = "e2e-callback-secret-of-llm";

const rows = new RoutingLogs();
const undo: (() => Promise<unknown>)[] = [];
let ollama: FakeChat;
let client: OpenAI;

/** A stack of its own, whose policy asks an LLM; Ollama is a fake at the edge of the network. */
beforeAll(async () => {
  await rows.connect();
  ollama = await startFakeChat();
  const { providerUrl, databaseUrl } = inject("stack");
  const folder = await mkdtemp(join(tmpdir(), "signalbox-llm-"));
  undo.push(() => rm(folder, { recursive: true, force: true }));
  await layOutConfig(folder);
  await askLlm(join(folder, "gateway.yaml"), ollama.url);
  const [sidecarPort, litellmPort] = [await freePort(), await freePort()];
  const sidecarUrl = `http://127.0.0.1:${sidecarPort}`;
  const command = sidecarCommand(folder, {
    SIGNALBOX_CONFIG: join(folder, "gateway.yaml"),
    SIGNALBOX_PORT: String(sidecarPort),
    SIGNALBOX_SECRET: SECRET,
    SIGNALBOX_STATE_DIR: join(folder, "state"),
    DATABASE_URL: databaseUrl,
  });
  const sidecar = new Sidecar(command, sidecarUrl);
  await sidecar.act("start", null);
  undo.push(() => sidecar.act("stop", null));
  const env = {
    E2E_OPENAI_BASE: `${providerUrl}/v1`,
    E2E_ANTHROPIC_BASE: providerUrl,
    SIGNALBOX_URL: sidecarUrl,
    SIGNALBOX_SECRET: SECRET,
    SIGNALBOX_OUTCOMES_URL: `${providerUrl}/logged`,
    SIGNALBOX_AUTHORIZATION: `Bearer ${SECRET}`,
  };
  undo.push(await startLitellm({ folder, port: litellmPort, env }));
  client = new OpenAI({ baseURL: `http://127.0.0.1:${litellmPort}/v1`, apiKey: "sk-e2e-all", maxRetries: 0 });
  // Before its first answer the callback does not know how long an LLM may take.
  await ask(promptOf("simple").prompt);
});

afterAll(async () => {
  for (const step of undo.reverse()) await step();
  ollama.close();
  await rows.close();
});

async function askLlm(file: string, url: string): Promise<void> {
  const text = await readFile(file, "utf8");
  const llm = `    llm: {api_base: "${url}", model: tiny, timeout_ms: ${LLM_TIMEOUT_MS}, max_concurrent: 16}`;
  await writeFile(file, text.replace("    strategy: static\n", `    strategy: llm\n${llm}\n`));
}

interface Asked {
  readonly id: string;
  readonly tookMs: number;
}

async function ask(content: string): Promise<Asked> {
  const started = performance.now();
  const messages = [{ role: "user" as const, content }];
  const { response } = await client.chat.completions.create({ model: "auto", messages }).withResponse();
  const tookMs = performance.now() - started;
  return { id: response.headers.get("x-signalbox-decision-id") ?? "", tookMs };
}

/** The model that the provider was asked for, and the row. */
async function routed(marker: string, { id }: Asked) {
  const calls = await callsOf(marker);
  return { called: calls.map(({ model }) => model), row: await rows.rowOf(id) };
}

describe("strategy llm, through the real LiteLLM", () => {
  test("the LLM's tier serves, whatever the words would have scored", async () => {
    ollama.behave({ kind: "say", content: '{"tier": "complex"}' });
    const { prompt, marker } = promptOf("simple");
    const { called, row } = await routed(marker, await ask(prompt));
    expect(called).toEqual(["large-wire"]);
    expect(row).toMatchObject({ strategy: "llm", tier: "complex", score: 88, method: "auto" });
  });

  /** Until then its breaker is open, and nothing that it does is seen. */
  async function llmDecides(): Promise<void> {
    ollama.behave({ kind: "say", content: '{"tier": "medium"}' });
    await until("the LLM to be asked again", 45_000, async () => {
      const { strategy } = await rows.rowOf((await ask(promptOf("simple").prompt)).id);
      return strategy === "llm" ? true : null;
    });
  }

  const failures = [
    ["answers with words of its own", { kind: "say", content: "I think this is complex" }],
    ["answers too late", { kind: "say", content: '{"tier": "complex"}', afterMs: 3 * LLM_TIMEOUT_MS }],
    ["breaks off", { kind: "cut" }],
    ["fails", { kind: "status", status: 500, body: '{"error": "out of memory"}' }],
    ["hangs", { kind: "hang" }],
  ] as const;

  test.each(failures)("where the LLM %s, the words decide, within the deadline", async (_, behaviour) => {
    await llmDecides();
    ollama.behave(behaviour);
    const { prompt, marker } = promptOf("simple");
    const asked = await ask(prompt);
    const { called, row } = await routed(marker, asked);
    expect(called).toEqual(["small-wire"]);
    expect(row).toMatchObject({ strategy: "static", tier: "simple", method: "auto" });
    expect(asked.tookMs).toBeLessThan(LLM_TIMEOUT_MS + SLACK_MS);
  });

  test("no request fails while the LLM is killed, and none waits past the deadline", async () => {
    await llmDecides();
    ollama.behave({ kind: "say", content: '{"tier": "medium"}', afterMs: 200 });
    const prompts = Array.from({ length: 20 }, () => promptOf("simple"));
    const crowd = prompts.map(({ prompt }) => ask(prompt));
    setTimeout(() => ollama.close(), 300);
    const asked = [...(await Promise.all(crowd)), await ask(promptOf("simple").prompt)];
    const strategies = await Promise.all(asked.map(async ({ id }) => (await rows.rowOf(id)).strategy));
    expect(strategies.every((strategy) => strategy === "llm" || strategy === "static")).toBe(true);
    expect(strategies.at(-1)).toBe("static");
    expect(Math.max(...asked.map(({ tookMs }) => tookMs))).toBeLessThan(LLM_TIMEOUT_MS + 2 * SLACK_MS);
  });
});

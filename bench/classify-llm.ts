import { readFileSync } from "node:fs";
import { createSnapshot } from "../src/compose.ts";
import type { Snapshot } from "../src/http/router.ts";
import { LlmKeeper } from "../src/llm-keeper.ts";
import { loadPolicyText } from "../src/policy/load.ts";
import { parseEnvelope } from "../src/request/envelope.ts";
import { readRequest } from "../src/request/read-request.ts";
import type { RouteRequest } from "../src/request/route-request.ts";
import { envelopeOf } from "./envelopes.ts";
import { quantile } from "./figures.ts";
import { prose } from "./prose.ts";
import { type BenchOptions, scaled } from "./report.ts";
import { startServerProcess } from "./server-process.ts";
import { POLICY_FILE } from "./sidecar.ts";

const CALLS = 2_000;
const WARM_UP_CALLS = 300;
/** Different prose, each made another text by the number of its call. */
const PROSES = 40;
/** Longer than any answer of the fake. */
const WAIT_MS = 3_000;

/** What a strategy that may ask an LLM takes for one turn, in microseconds. */
export interface AskingTurns {
  readonly name: "llm" | "cascade";
  readonly chars: number;
  readonly p50: number;
  readonly p99: number;
  /** Part of the turns that the LLM was asked about, 0..1. */
  readonly asked: number;
}

/** Measures `llm` and `cascade` with a fake of Ollama, in a process of its own, that answers at once. */
export async function measureAsking(
  sizes: readonly number[],
  { progress, effort }: BenchOptions,
): Promise<AskingTurns[]> {
  const ollama = await startServerProcess("fake-ollama-process.ts");
  const measured: AskingTurns[] = [];
  try {
    for (const name of ["llm", "cascade"] as const) {
      for (const chars of sizes) {
        progress(`classify: ${name} with a fake of Ollama, ${chars} characters`);
        const calls = scaled(CALLS, effort, 200);
        measured.push({ name, chars, ...(await measure(name, { port: ollama.port, chars, calls })) });
      }
    }
  } finally {
    ollama.close();
  }
  return measured;
}

interface Round {
  readonly port: number;
  readonly chars: number;
  readonly calls: number;
}

async function measure(
  strategy: AskingTurns["name"],
  { port, chars, calls }: Round,
): Promise<Pick<AskingTurns, "p50" | "p99" | "asked">> {
  const ignore = () => undefined;
  const keeper = new LlmKeeper({ info: ignore, warn: ignore });
  const snapshot = keeper.attach(snapshotOf(strategy, port));
  await keeper.started();
  const countAsked = () => keeper.status()?.outcomes.model ?? 0;
  try {
    const texts = Array.from({ length: PROSES }, (_, at) => prose(chars, at + 1));
    const ask = (call: number) => askOne(snapshot, requestOf(texts[call % PROSES] ?? "", call));
    for (let call = 0; call < WARM_UP_CALLS; call += 1) await ask(call);
    const before = countAsked();
    const took = new Float64Array(calls);
    for (let call = 0; call < calls; call += 1) took[call] = await ask(WARM_UP_CALLS + call);
    took.sort();
    const asked = (countAsked() - before) / calls;
    return { p50: quantile(took, 0.5), p99: quantile(took, 0.99), asked };
  } finally {
    keeper.close();
  }
}

function snapshotOf(strategy: AskingTurns["name"], port: number): Snapshot {
  const classifier = `classifier: {strategy: ${strategy}, llm: {api_base: "http://127.0.0.1:${port}"}}`;
  const text = readFileSync(POLICY_FILE, "utf8").replace("classifier: {strategy: static}", classifier);
  const loaded = loadPolicyText(text, { file: POLICY_FILE, env: {} });
  if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join("\n"));
  return createSnapshot(loaded.policy);
}

/** Each is a text of its own, so that no verdict is at hand. */
function requestOf(text: string, call: number): RouteRequest {
  const numbered = `${call} `;
  const content = `${numbered}${text.slice(numbered.length)}`;
  const envelope = envelopeOf([{ role: "user", content }], 1);
  const parsed = parseEnvelope(JSON.parse(JSON.stringify(envelope)));
  if (!parsed.ok) throw new Error(parsed.message);
  return readRequest(parsed.envelope);
}

/** Microseconds from the request to the verdict that counts. @throws where the LLM fails. */
async function askOne({ classify, consult }: Snapshot, request: RouteRequest): Promise<number> {
  const turn = request.turns.at(-1);
  if (turn === undefined || consult === null)
    throw new Error("Cannot measure: found no turn or no LLM to ask");
  const startedMs = performance.now();
  const fast = classify(request, turn);
  const opinion = await consult({ request, turn, fast, untilMs: startedMs + WAIT_MS });
  const tookUs = (performance.now() - startedMs) * 1_000;
  if (opinion === null || opinion.outcome === "decided" || opinion.outcome === "share") return tookUs;
  throw new Error(`Cannot measure: ${opinion.words}`);
}

import { readFileSync } from "node:fs";
import { createSnapshot } from "../src/compose.ts";
import type { Context } from "../src/decide/context.ts";
import { decide } from "../src/decide/decide.ts";
import type { Decision } from "../src/decide/decision.ts";
import { catalogSchema, createCatalogStore } from "../src/http/catalog-store.ts";
import { compileGlob } from "../src/policy/glob.ts";
import { loadPolicyText } from "../src/policy/load.ts";
import { type Envelope, parseEnvelope } from "../src/request/envelope.ts";
import { readRequest } from "../src/request/read-request.ts";
import { forgetRecent } from "../src/request/recent.ts";
import type { RouteRequest } from "../src/request/route-request.ts";
import { CATALOG, envelopeOf, singleTurn } from "./envelopes.ts";
import { median, type Spread, showSpread, spreadOf } from "./figures.ts";
import { type BenchOptions, type Report, scaled } from "./report.ts";
import { POLICY_FILE } from "./sidecar.ts";
import type { Table } from "./table.ts";

const SIZES = [100, 2_000, 20_000, 200_000] as const;
/** What the aim speaks of, in characters. */
const AIM_CHARS = 2_000;
const MAX_US = 30;
/** How much more than ten times the text ten times the length may cost: caches grow too small. */
const LINEAR_TOLERANCE = 1.3;

/** Characters of all the different texts of one size, so that no text stays in the processor's caches alone. */
const TEXTS_CHARS = 400_000;
const WARM_UP_MS = 400;
const BATCH_MS = 20;
const BATCHES = 41;

interface Measured {
  readonly chars: number;
  readonly parseUs: Spread;
  readonly readUs: Spread;
  readonly decideUs: Spread;
  /** Reading and deciding together. */
  readonly bothUs: Spread;
}

/** Measures how long reading and deciding take inside the process, by length of the text. */
export async function benchDecide({ progress, effort }: BenchOptions): Promise<Report> {
  const context = createContext();
  const measured = SIZES.map((chars) => {
    progress(`decide: ${chars} characters`);
    return measure(chars, { context, batches: scaled(BATCHES, effort, 5) });
  });
  return reportOf(measured);
}

function createContext(): Context {
  const loaded = loadPolicyText(readFileSync(POLICY_FILE, "utf8"), { file: POLICY_FILE, env: {} });
  if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join("\n"));
  const { policy, classify, instead } = createSnapshot(loaded.policy);
  const store = createCatalogStore(compileGlob);
  store.replace(catalogSchema.parse(CATALOG));
  return { policy, classify, instead, catalog: store.current(), draw: 0, now: new Date() };
}

function measure(
  chars: number,
  { context, batches }: { readonly context: Context; readonly batches: number },
): Measured {
  const count = Math.max(2, Math.ceil(TEXTS_CHARS / chars));
  // Through JSON, so that the strings are what a request's are.
  const raws: unknown[] = Array.from({ length: count }, (_, at) =>
    JSON.parse(JSON.stringify(envelopeOf(singleTurn(chars, at + 1), at + 1))),
  );
  const envelopes = raws.map(parsed);
  const requests = envelopes.map(readRequest);
  return {
    chars,
    parseUs: time(raws, parseEnvelope, batches),
    readUs: time(envelopes, readRequest, batches),
    decideUs: time(requests, (request) => decideAnew(request, context), batches),
    bothUs: time(envelopes, (envelope) => decideAnew(readRequest(envelope), context), batches),
  };
}

/** As the router does: what was found for a request is not there for the next one, which here is the same again. */
function decideAnew(request: RouteRequest, context: Context): Decision {
  const decision = decide(request, context);
  forgetRecent();
  return decision;
}

function parsed(raw: unknown): Envelope {
  const result = parseEnvelope(raw);
  if (!result.ok) throw new Error(result.message);
  return result.envelope;
}

/** Microseconds a call: batches of about 20 ms, the median and the middle half of them. */
function time<T>(inputs: readonly T[], work: (input: T) => unknown, batches: number): Spread {
  const calls = { next: 0 };
  const run = (count: number): number => {
    const startedMs = performance.now();
    for (let call = 0; call < count; call += 1) {
      const input = inputs[calls.next];
      calls.next = (calls.next + 1) % inputs.length;
      if (input !== undefined) sink = work(input);
    }
    return performance.now() - startedMs;
  };
  const perBatch = Math.max(1, Math.round(BATCH_MS / warmUp(run)));
  const perCallUs = Array.from({ length: batches }, () => (run(perBatch) / perBatch) * 1_000);
  return middleHalf(perCallUs);
}

/** Keeps results alive, so that the compiler cannot leave work out. */
export let sink: unknown = null;

/** Runs until the code is hot; gives the milliseconds a call at the end. */
function warmUp(run: (count: number) => number): number {
  const endMs = performance.now() + WARM_UP_MS;
  let count = 1;
  for (;;) {
    const tookMs = run(count);
    if (performance.now() >= endMs) return Math.max(tookMs / count, 1e-5);
    if (tookMs < BATCH_MS / 2) count *= 2;
  }
}

function middleHalf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.slice(Math.floor(sorted.length / 4), Math.ceil((sorted.length * 3) / 4));
  return { ...spreadOf(half), median: median(sorted) };
}

function reportOf(measured: readonly Measured[]): Report {
  const aim = measured.filter(({ chars }) => chars === AIM_CHARS).map(({ bothUs }) => bothUs);
  const growths = measured.slice(2).map(({ chars, bothUs }, at) => {
    const before = measured[at + 1];
    return before === undefined ? Number.NaN : bothUs.median / before.bothUs.median / (chars / before.chars);
  });
  const growth = Math.max(...growths);
  return {
    title: "Reading and deciding, in the process",
    method:
      "`readRequest` and `decide` with the static classifier, one human turn of English prose, a catalogue of four " +
      "models. Each text differs from the one before. Median of batches of about 20 ms after a warm-up, the middle " +
      "half of them in brackets. `parseEnvelope` is the validation of the envelope's fields.",
    aims: [
      ...aim.map((spread) => ({
        what: `read and decide, ${AIM_CHARS} characters of prose`,
        wanted: `at most ${MAX_US} µs`,
        measured: `${showSpread(spread, 1)} µs`,
        isMet: spread.median <= MAX_US,
      })),
      {
        what: "cost linear in the length",
        wanted: `ten times the text, at most ${10 * LINEAR_TOLERANCE} times the cost`,
        measured: `${(growth * 10).toFixed(1)} times`,
        isMet: growth <= LINEAR_TOLERANCE,
      },
    ],
    tables: [{ caption: "Microseconds a call:", table: timesTable(measured) }],
  };
}

function timesTable(measured: readonly Measured[]): Table {
  return {
    columns: ["characters", "parseEnvelope", "readRequest", "decide", "read and decide", "ns a character"],
    rows: measured.map(({ chars, parseUs, readUs, decideUs, bothUs }) => [
      String(chars),
      showSpread(parseUs, 1),
      showSpread(readUs, 1),
      showSpread(decideUs, 1),
      showSpread(bothUs, 1),
      ((bothUs.median / chars) * 1_000).toFixed(1),
    ]),
  };
}

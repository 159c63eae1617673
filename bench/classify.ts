import { readFileSync } from "node:fs";
import { createMlClassifier } from "../src/classify/ml/ml-classifier.ts";
import { type LoadedArtifact, parseArtifact } from "../src/classify/ml/parse-artifact.ts";
import { createStaticClassifier } from "../src/classify/static.ts";
import { STATIC_DEFAULTS } from "../src/classify/static-defaults.ts";
import type { Classify } from "../src/classify/verdict.ts";
import { parseEnvelope } from "../src/request/envelope.ts";
import { readRequest } from "../src/request/read-request.ts";
import type { RouteRequest } from "../src/request/route-request.ts";
import { type AskingTurns, measureAsking } from "./classify-llm.ts";
import { envelopeOf, singleTurn } from "./envelopes.ts";
import { median, quantile } from "./figures.ts";
import { type BenchOptions, type Report, scaled } from "./report.ts";

const ARTIFACT = new URL("../artifacts/complexity.json", import.meta.url);

const SIZES = [100, 600, 1_100, 2_000, 100_000] as const;
/** What the aim speaks of, in characters, and microseconds at the median. */
const AIM_CHARS = 2_000;
const MAX_US = 100;

const CALLS = 4_000;
const WARM_UP_CALLS = 4_000;
const LOADS = 20;

/** Measures how long each classifier takes for one turn, and what the trained one takes to load. */
export async function benchClassify(options: BenchOptions): Promise<Report> {
  const { progress, effort } = options;
  const text = readFileSync(ARTIFACT, "utf8");
  const { artifact } = load(text);
  const classifiers: readonly (readonly [string, Classify])[] = [
    ["static", createStaticClassifier(STATIC_DEFAULTS)],
    ["ml", createMlClassifier(artifact)],
  ];
  const rows = classifiers.flatMap(([name, classify]) =>
    SIZES.map((chars) => {
      progress(`classify: ${name}, ${chars} characters`);
      return { name, chars, ...measure(classify, chars, scaled(CALLS, effort, 200)) };
    }),
  );
  const aim = rows.find(({ name, chars }) => name === "ml" && chars === AIM_CHARS);
  const loading = measureLoading(text);
  const asking = await measureAsking(SIZES, options);
  return {
    title: "Classifying one turn",
    method:
      "Each call gets a turn that was not read before, features included, as one request does. English prose, one human " +
      "turn, after a warm-up; microseconds of single calls. `llm` and `cascade` ask a fake of Ollama, in a process of its own, " +
      "that answers at once: the figures are what asking costs, and a real model's time comes on top. Loading: reading the artifact's text and making the classifier.",
    aims: [
      {
        what: `ml, ${AIM_CHARS} characters of prose, p50`,
        wanted: `under ${MAX_US} µs`,
        measured: `${aim?.p50.toFixed(1)} µs`,
        isMet: (aim?.p50 ?? Number.POSITIVE_INFINITY) < MAX_US,
      },
    ],
    tables: [
      {
        caption: "Microseconds a turn:",
        table: {
          columns: ["classifier", "characters", "p50", "p99"],
          rows: rows.map(({ name, chars, p50, p99 }) => [
            name,
            String(chars),
            p50.toFixed(1),
            p99.toFixed(1),
          ]),
        },
      },
      {
        caption: "Microseconds a turn with a fake of Ollama that answers at once:",
        table: {
          columns: ["classifier", "characters", "p50", "p99", "turns that asked"],
          rows: asking.map(rowOf),
        },
      },
      {
        caption: "The trained classifier:",
        table: {
          columns: ["file", "load, p50", "memory"],
          rows: [
            [
              `${(text.length / 1_000).toFixed(0)} kB`,
              `${loading.ms.toFixed(1)} ms`,
              `${loading.mb.toFixed(1)} MB`,
            ],
          ],
        },
      },
    ],
  };
}

function rowOf({ name, chars, p50, p99, asked }: AskingTurns): string[] {
  return [name, String(chars), p50.toFixed(1), p99.toFixed(1), `${(100 * asked).toFixed(0)} %`];
}

function load(text: string): LoadedArtifact {
  const parsed = parseArtifact(text);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.loaded;
}

function measure(
  classify: Classify,
  chars: number,
  calls: number,
): { readonly p50: number; readonly p99: number } {
  const requests = Array.from({ length: 40 }, (_, at) => requestOf(chars, at + 1));
  for (let call = 0; call < WARM_UP_CALLS / Math.max(1, chars / AIM_CHARS); call += 1)
    ask(classify, requests, call);
  const took = Float64Array.from({ length: calls }, (_, call) => ask(classify, requests, call)).sort();
  return { p50: quantile(took, 0.5), p99: quantile(took, 0.99) };
}

/** Microseconds of one call. A copy of the turn is one that was never read. */
function ask(classify: Classify, requests: readonly RouteRequest[], call: number): number {
  const request = requests[call % requests.length];
  const turn = request?.turns[0];
  if (request === undefined || turn === undefined) throw new Error("no turn");
  const fresh = { ...turn };
  const startedMs = performance.now();
  sink = classify(request, fresh);
  return (performance.now() - startedMs) * 1_000;
}

/** Keeps results alive, so that the compiler cannot leave work out. */
export let sink: unknown = null;

function requestOf(chars: number, seed: number): RouteRequest {
  const parsed = parseEnvelope(JSON.parse(JSON.stringify(envelopeOf(singleTurn(chars, seed), seed))));
  if (!parsed.ok) throw new Error(parsed.message);
  return readRequest(parsed.envelope);
}

function measureLoading(text: string): { readonly ms: number; readonly mb: number } {
  const before = process.memoryUsage();
  const kept: Classify[] = [];
  const took = Array.from({ length: LOADS }, () => {
    const startedMs = performance.now();
    kept.push(createMlClassifier(load(text).artifact));
    return performance.now() - startedMs;
  });
  sink = kept;
  const after = process.memoryUsage();
  const bytes = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
  return { ms: median(took), mb: Math.max(0, bytes) / LOADS / 2 ** 20 };
}

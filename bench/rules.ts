import { stringify } from "yaml";
import { createSnapshot } from "../src/compose.ts";
import type { Context } from "../src/decide/context.ts";
import { decide } from "../src/decide/decide.ts";
import { catalogSchema, createCatalogStore } from "../src/http/catalog-store.ts";
import { compileGlob } from "../src/policy/glob.ts";
import { loadPolicyText } from "../src/policy/load.ts";
import type { Policy } from "../src/policy/policy.ts";
import { parseEnvelope } from "../src/request/envelope.ts";
import { readRequest } from "../src/request/read-request.ts";
import { forgetRecent } from "../src/request/recent.ts";
import type { RouteRequest } from "../src/request/route-request.ts";
import { CATALOG, envelopeOf } from "./envelopes.ts";
import { quantile } from "./figures.ts";
import { prose } from "./prose.ts";
import { type BenchOptions, type Report, scaled } from "./report.ts";

const STRATEGIES = ["static", "ml"] as const;
type Strategy = (typeof STRATEGIES)[number];

const RULES = 50;
const TURNS = 50;
/** Characters of a human turn and of an answer of an agent's conversation, and of its system text as it is sent. */
const TURN_CHARS = 300;
const ANSWER_CHARS = 500;
const SYSTEM_CHARS = 4_000;

const MAX_P99_US = 100;
const CONVERSATIONS = 100;
const CALLS = 20_000;
const WARM_UP_CALLS = 4_000;

/** Texts in which a pattern is looked for, UTF-16 code units: as much as the callback sends of a whole request. */
const HOSTILE_CHARS = 65_536;
const HOSTILE = ["(a+)+$", "(a|a)+$", ".*.*=.*"];
const MAX_HOSTILE_MS = 1;
const HOSTILE_RUNS = 50;

/** Measures a decision under many rules, and patterns against texts that are made to slow them down. */
export async function benchRules({ progress, effort }: BenchOptions): Promise<Report> {
  progress(`rules: ${RULES} rules, ${TURNS} turns`);
  const calls = scaled(CALLS, effort, 2_000);
  const requests = Array.from({ length: CONVERSATIONS }, (_, at) => requestOf(at * 1_000));
  const measured = STRATEGIES.flatMap((strategy) =>
    [0, RULES].map((rules) => {
      const context = contextOf(policyOf(rulesOf(rules), strategy));
      return { strategy, rules, ...measure(requests, context, calls) };
    }),
  );
  progress("rules: hostile patterns");
  const slowest = HOSTILE.map((pattern) => ({ pattern, ms: slowestMs(pattern) }));
  return reportOf({ measured, slowest });
}

/** As organisations write them: most ask for a team or a size first, every other one looks into a text. None matches. */
function rulesOf(count: number): unknown[] {
  return Array.from({ length: count }, (_, at) => ({
    name: `rule of team ${at}`,
    when: [
      { team_id: `team-${at + 100}`, text_matches: `(deploy|release) (of )?service-${at}` },
      { system_matches: `you are the agent number ${at}\\b`, max_input_tokens: 200_000 },
      { category: ["translation", "math"], language: ["de", "ja"], has_tools: true },
      { tool_name: `mcp__${at}__*`, header: { "x-app": `cli-${at}*` }, weekday: "mon-fri" },
      { text_contains: [`invoice ${at}`, `receipt ${at}`], not: { tag: "batch" } },
    ][at % 5],
    tier: "low",
  }));
}

function contextOf(loaded: Policy): Context {
  const { policy, classify, instead } = createSnapshot(loaded);
  const store = createCatalogStore(compileGlob);
  store.replace(catalogSchema.parse(CATALOG));
  const now = new Date(Date.UTC(2026, 0, 1));
  return { policy, classify, instead, catalog: store.current(), health: new Map(), draw: 0, now };
}

function policyOf(rules: readonly unknown[], strategy: Strategy): Policy {
  const names = CATALOG.models.map(({ name }) => name);
  const text = stringify({
    model_list: [...names, "auto"].map((name) => ({
      model_name: name,
      litellm_params: { model: `openai/${name}` },
    })),
    routing: {
      fallback_tier: "low",
      aliases: { auto: "auto_route" },
      classifier: { strategy },
      tiers: {
        low: { score_range: [0, 50], model: names[0] },
        high: { score_range: [51, 100], models: names.slice(1) },
      },
      rules,
    },
  });
  const loaded = loadPolicyText(text, { file: "bench", env: {} });
  if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join("\n"));
  return loaded.policy;
}

/** A conversation of an agent, with a system text of its own. */
function requestOf(seed: number): RouteRequest {
  const turns = Array.from({ length: TURNS }, (_, turn) => [
    { role: "user" as const, content: prose(TURN_CHARS, seed + 2 * turn + 1) },
    { role: "assistant" as const, content: prose(ANSWER_CHARS, seed + 2 * turn + 2) },
  ]);
  const messages = [
    { role: "system" as const, content: prose(SYSTEM_CHARS, seed) },
    ...turns.flat().slice(0, -1),
  ];
  const parsed = parseEnvelope(JSON.parse(JSON.stringify(envelopeOf(messages, seed + 1))));
  if (!parsed.ok) throw new Error(parsed.message);
  return readRequest(parsed.envelope);
}

interface Percentiles {
  readonly p50: number;
  readonly p99: number;
}

interface Timed {
  readonly decide: Percentiles;
  /** A loop that always does the same and allocates nothing, in turns with the decisions: what the machine adds to any call. */
  readonly control: Percentiles;
}

/** Microseconds a decision, each timed by itself. */
function measure(requests: readonly RouteRequest[], context: Context, calls: number): Timed {
  const decideOne = (call: number) => {
    const request = requests[call % requests.length];
    if (request !== undefined) decide(request, context);
    // As the router does when a decision is done.
    forgetRecent();
  };
  const warmUp = Float64Array.from({ length: WARM_UP_CALLS }, (_, call) => timeUs(() => decideOne(call)));
  const steps = stepsFor(quantile(warmUp.slice(WARM_UP_CALLS / 2).sort(), 0.5));
  const decisions = new Float64Array(calls);
  const controls = new Float64Array(calls);
  for (let call = 0; call < calls; call += 1) {
    decisions[call] = timeUs(() => decideOne(call));
    controls[call] = timeUs(() => spin(steps));
  }
  return { decide: percentilesOf(decisions), control: percentilesOf(controls) };
}

function timeUs(work: () => void): number {
  const startedMs = performance.now();
  work();
  return (performance.now() - startedMs) * 1_000;
}

function percentilesOf(us: Float64Array): Percentiles {
  us.sort();
  return { p50: quantile(us, 0.5), p99: quantile(us, 0.99) };
}

/** Steps of the control that take about as long as a decision. */
function stepsFor(us: number): number {
  const times = Float64Array.from({ length: 2_000 }, () => timeUs(() => spin(10_000)));
  return Math.round((us / quantile(times.sort(), 0.5)) * 10_000);
}

let spun = 1;

function spin(steps: number): void {
  for (let step = 0; step < steps; step += 1) spun = (Math.imul(spun, 1_664_525) + 1_013_904_223) | 0;
}

/** Milliseconds that a rule with the pattern adds, at the worst of some texts, the fastest of some runs. */
function slowestMs(pattern: string): number {
  const [condition] =
    policyOf([{ when: { text_matches: pattern }, tier: "low" }], "static").rules[0]?.conditions ?? [];
  if (condition?.kind !== "text_matches")
    throw new Error(`Cannot measure ${pattern}: found no such condition`);
  const texts = [
    `${"a".repeat(HOSTILE_CHARS - 1)}!`,
    "ab".repeat(HOSTILE_CHARS / 2),
    prose(HOSTILE_CHARS, 1),
  ];
  const times = texts.map((text) => {
    const runs = Array.from({ length: HOSTILE_RUNS }, (_, run) => {
      const startedMs = performance.now();
      // A text is matched once, and then at hand.
      condition.any.some((one) => one.matches(text + run));
      return performance.now() - startedMs;
    });
    return Math.min(...runs);
  });
  return Math.max(...times);
}

interface Measured {
  readonly measured: readonly (Timed & { readonly strategy: Strategy; readonly rules: number })[];
  readonly slowest: readonly { readonly pattern: string; readonly ms: number }[];
}

function reportOf({ measured, slowest }: Measured): Report {
  const aim = measured.find(({ strategy, rules }) => strategy === "static" && rules === RULES);
  const worst = Math.max(...slowest.map(({ ms }) => ms));
  return {
    title: "Deciding with rules, in the process",
    method:
      `\`decide\` for ${CONVERSATIONS} conversations of ${TURNS} human turns by turns, each with its own ${SYSTEM_CHARS} characters ` +
      `of system text, each call timed by itself, in turns with a loop that always does the same and takes about as long: ` +
      "its p99 is what the machine adds. " +
      `None of the ${RULES} rules matches, so all are asked; a fifth ` +
      "look for a pattern in the newest turn, a fifth in the system text, a fifth ask for kind of work and language.",
    aims: [
      {
        what: `a decision with ${RULES} rules, static, p99`,
        wanted: `below ${MAX_P99_US} µs`,
        measured: `${aim?.decide.p99.toFixed(1)} µs; the fixed loop beside it ${aim?.control.p99.toFixed(1)} µs`,
        isMet: (aim?.decide.p99 ?? Number.POSITIVE_INFINITY) < MAX_P99_US,
      },
      {
        what: `${HOSTILE.map((pattern) => `\`${pattern.replaceAll("|", "\\|")}\``).join(", ")} on 64 KB`,
        wanted: `below ${MAX_HOSTILE_MS} ms`,
        measured: `${worst.toFixed(2)} ms`,
        isMet: worst < MAX_HOSTILE_MS,
      },
    ],
    tables: [
      {
        caption: "Microseconds a decision:",
        table: {
          columns: ["classifier", "rules", "p50", "p99", "fixed loop: p50", "fixed loop: p99"],
          rows: measured.map(({ strategy, rules, decide, control }) => [
            strategy,
            String(rules),
            ...[decide.p50, decide.p99, control.p50, control.p99].map((us) => us.toFixed(1)),
          ]),
        },
      },
    ],
  };
}

import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { Estimate } from "../../src/learn/bootstrap.ts";
import { evaluateLineup } from "../../src/learn/evaluate.ts";
import { groupLineup, namedLineup } from "../../src/learn/lineup.ts";
import { type OutcomeLine, type Parsed, parseOutcomeLine, parseScoreLine } from "../../src/learn/outcomes.ts";
import type { ComparisonReport, ReportedTier, ScorerReport, SetReport } from "../../src/learn/report.ts";
import type { ScoredRow } from "../../src/learn/scored-row.ts";
import type { Table } from "../table.ts";
import type { BenchClassifier } from "./classifier.ts";
import type { Part, PartOptions } from "./part.ts";

/** Resamples of the intervals, and their seed: a run can be repeated to the digit. */
const RESAMPLES = 1_000;
const SEED = 20_261_120;

/** Single models, weak and strong, that many prompts have outcomes of. */
const PAIRS = [
  ["mistralai/mixtral-8x7b-chat", "gpt-4-1106-preview"],
  ["Meta-Llama-3.1-8B-Instruct", "gemini-1.5-pro-002"],
  ["claude-3-5-haiku-20241022", "claude-3-5-sonnet-20241022"],
] as const;

/** A column of the evaluation: scores by the id of their prompt. */
interface Column {
  readonly name: string;
  readonly isChance: boolean;
  /** Its operating points are those of tiers that somebody ships. */
  readonly hasTiers: boolean;
  readonly scores: ReadonlyMap<string, number>;
}

/** How well every classifier picks the prompts that need a strong model, beside controls. */
export async function benchOutcomes(options: PartOptions): Promise<Part> {
  const { data, classifiers, tiers, heldOut, progress } = options;
  const lines = readLines(join(data, "outcomes-dev.jsonl.gz"), parseOutcomeLine);
  const columns = heldOut.map(heldOutColumn);
  for (const classifier of classifiers) {
    progress(`scoring ${lines.length} prompts: ${classifier.name}`);
    columns.push(...(await columnsOf(classifier, lines, tiers)));
  }
  const rows = lines.flatMap((line) => toRow(line, columns));
  const evaluate = (lineup: Parameters<typeof evaluateLineup>[1]) => {
    const evaluation = { classifiers: columns, tiers, resamples: RESAMPLES, seed: SEED };
    return evaluateLineup(rows, lineup, { ...evaluation, onSet: (set) => progress(`measuring ${set}`) });
  };
  const grouped = evaluate(groupLineup(rows, tiers.length));
  if (grouped === null) throw new Error("Cannot measure: found no prompt with outcomes");
  const pairs = PAIRS.flatMap((pair) => evaluate(namedLineup(pair)) ?? []);
  return {
    title: "Routing on outcomes of models",
    text: describe(rows.length, columns),
    tables: [
      { caption: captionOf(grouped.pooled), table: figuresTable(grouped.pooled) },
      { caption: POINTS_CAPTION, table: pointsTable(grouped.pooled, columns) },
      { caption: "APGR of each suite:", table: suitesTable(grouped) },
      { caption: "APGR between single models, the weak one first:", table: pairsTable(pairs) },
    ],
  };
}

const POINTS_CAPTION = `At the shipped tiers. LiteLLM's REASONING and COMPLEX count as the highest of three. Cost: a call counts 0 on the weak
model, 1 on the strong one, evenly between:`;

function describe(prompts: number, columns: readonly Column[]): string {
  const inSample = columns.some(({ name }) => name.endsWith(IN_SAMPLE));
  return [
    `${prompts.toLocaleString("en-US")} prompts with outcomes (\`outcomes-dev.jsonl.gz\`: MMLU-Pro without rows of MMLU, Apache-2.0; 13 tasks of`,
    "ulab-uiuc/LLMRouter, MIT; ARC-C, Winogrande and MBPP of RouterBench, MIT; CRUX of ZeroEval, Apache-2.0). The weak third of the",
    "models competes with the strong third; [evaluation.md](evaluation.md) says what every figure and control means. LiteLLM's own scorers are called",
    "in the pinned Python environment; *score* is their raw score, *tiers* the tier that they ship for it.",
    ...(inSample
      ? [
          "**In sample** marks a classifier on the very rows it was trained on: no measure of anything, printed so that nobody takes it for one.",
        ]
      : []),
  ].join("\n");
}

const IN_SAMPLE = ", in sample";

async function columnsOf(
  classifier: BenchClassifier,
  lines: readonly OutcomeLine[],
  tiers: readonly ReportedTier[],
): Promise<Column[]> {
  const judged = await classifier.judge(lines.map(({ prompt }) => prompt));
  const byId = (pick: (at: number) => number) => new Map(lines.map(({ id }, at) => [id, pick(at)] as const));
  const score = byId((at) => judged[at]?.score ?? 0);
  const { name, isChance, isTrainedOnOutcomes } = classifier;
  const isOurs = classifier.tiers.length === tiers.length;
  if (isOurs)
    return [
      { name: isTrainedOnOutcomes ? `${name}${IN_SAMPLE}` : name, isChance, hasTiers: true, scores: score },
    ];
  const tier = byId((at) => scoreOfTier(judged[at]?.tier ?? 0, tiers));
  return [
    { name: `${name}, score`, isChance, hasTiers: false, scores: score },
    { name: `${name}, tiers`, isChance, hasTiers: true, scores: tier },
  ];
}

/** A score within the range of the tier of that position; what is above the highest one stays above. */
function scoreOfTier(tier: number, tiers: readonly ReportedTier[]): number {
  const last = tiers.length - 1;
  return (tiers[Math.min(tier, last)]?.low ?? 0) + Math.max(0, tier - last);
}

/** Scores of held-out rows, as the trainer writes them: each suite by a model that saw none of it. */
function heldOutColumn(path: string): Column {
  const scores = new Map(readLines(path, parseScoreLine).map(({ id, score }) => [id, score] as const));
  const name = basename(path)
    .replace(/\.jsonl(\.gz)?$/, "")
    .replaceAll("-", " ");
  return { name, isChance: true, hasTiers: true, scores };
}

function toRow({ id, suite, group, prompt, models }: OutcomeLine, columns: readonly Column[]): ScoredRow[] {
  const scores = columns.flatMap((column) => column.scores.get(id) ?? []);
  if (scores.length < columns.length) return [];
  // As evaluate draws them: the same prompt twice is no further evidence.
  return [{ suite, group, length: prompt.length, conversation: prompt, models, scores }];
}

function readLines<T>(path: string, parse: (line: string) => Parsed<T>): T[] {
  const bytes = readFileSync(path);
  const text = (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  return text
    .trim()
    .split("\n")
    .map((line, at) => {
      const parsed = parse(line);
      if (parsed.ok) return parsed.value;
      throw new Error(`Cannot read ${path} line ${at + 1}: ${parsed.problem}`);
    });
}

const FIGURES: readonly (readonly [title: string, pick: (scorer: ScorerReport) => Estimate | null])[] = [
  ["APGR", ({ apgr }) => apgr],
  ["over length", ({ apgrOverLength }) => apgrOverLength],
  ["within groups", ({ withinGroupApgr }) => withinGroupApgr],
  ["AUROC", ({ auroc }) => auroc],
  ["CPT(50)", ({ cpt50 }) => cpt50],
  ["CPT(80)", ({ cpt80 }) => cpt80],
  ["Save@95", ({ save95 }) => save95],
  ["lift at 30 %", ({ lift30 }) => lift30],
  ["lift at 50 %", ({ lift50 }) => lift50],
  ["calibration error", ({ calibration }) => calibration?.error ?? null],
];

function captionOf({ prompts, groups, alwaysWeak, alwaysStrong }: SetReport): string {
  const [weak, strong] = [alwaysWeak, alwaysStrong].map(({ quality }) => showEstimate(quality));
  return `All suites together, ${prompts.toLocaleString("en-US")} prompts in ${groups} groups; quality ${weak} always weak, ${strong} always strong:`;
}

function figuresTable({ scorers }: SetReport): Table {
  return {
    columns: ["", ...FIGURES.map(([title]) => title)],
    rows: scorers.map((scorer) => [
      titleOf(scorer),
      ...FIGURES.map(([, pick]) => showEstimate(pick(scorer))),
    ]),
  };
}

function titleOf({ kind, name }: ScorerReport): string {
  return kind === "control" ? `control: ${name}` : name;
}

function pointsTable({ scorers }: SetReport, columns: readonly Column[]): Table {
  const shipped = new Set(columns.filter(({ hasTiers }) => hasTiers).map(({ name }) => name));
  return {
    columns: [
      "",
      "rungs",
      "share of each",
      "quality",
      "cost",
      "under-routed",
      "over-routed",
      "lift at its cost",
    ],
    rows: scorers
      .filter(({ kind, name }) => kind === "classifier" && shipped.has(name))
      .flatMap(({ name, operatingPoints }) =>
        operatingPoints.map((point) => [
          name,
          point.name.replaceAll("|", "/"),
          point.shares.map((share) => `${Math.round(100 * share)} %`).join(" "),
          ...[point.quality, point.cost, point.underRouting, point.overRouting, point.lift].map(showEstimate),
        ]),
      ),
  };
}

function suitesTable({ suites }: ComparisonReport): Table {
  const names = suites[0]?.scorers.map(titleOf) ?? [];
  return {
    columns: ["", "prompts", ...names],
    rows: suites.map(({ suite, prompts, scorers }) => [
      suite,
      String(prompts),
      ...scorers.map(({ kind, apgr }) =>
        kind === "classifier" ? showEstimate(apgr) : showFigure(apgr.value),
      ),
    ]),
  };
}

function pairsTable(pairs: readonly ComparisonReport[]): Table {
  const names = pairs[0]?.pooled.scorers.map(titleOf) ?? [];
  return {
    columns: ["", "prompts", ...names],
    rows: pairs.map(({ name, pooled }) => [
      name,
      String(pooled.prompts),
      ...pooled.scorers.map(({ apgr }) => showEstimate(apgr)),
    ]),
  };
}

function showEstimate(estimate: Estimate | null): string {
  if (estimate === null || estimate.value === null) return "-";
  const { value, low, high } = estimate;
  return low === null ? showFigure(value) : `${showFigure(value)} [${showFigure(low)}, ${showFigure(high)}]`;
}

/** Three decimals without the leading zero; "-" where undefined. */
function showFigure(value: number | null): string {
  if (value === null) return "-";
  const text = value.toFixed(3).replace(/^(-?)0\./, "$1.");
  return text === "-.000" ? ".000" : text;
}

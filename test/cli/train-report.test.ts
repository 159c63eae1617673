import { describe, expect, it } from "vitest";
import { FEATURE_VERSION } from "../../src/classify/features/feature-list.ts";
import { describeInput } from "../../src/cli/train-input-report.ts";
import { describeResult } from "../../src/cli/train-report.ts";
import { type JudgedRow, judgeRows } from "../../src/learn/dataset/judge-rows.ts";
import { namedLineup } from "../../src/learn/lineup.ts";
import { compareColumns, measureOwn } from "../../src/learn/own/measure-own.ts";
import { rowOf } from "../learn/dataset/row-of.ts";

const lineup = namedLineup(["small", "large"]);
const labelled = (...models: readonly string[]) =>
  rowOf({ outcomes: new Map(models.map((model) => [model, { quality: 1, costUsd: null }])) });

interface Tally {
  readonly silent?: number;
  readonly featureless?: number;
  readonly unknownTiers?: ReadonlyMap<string, number>;
}

function describeRows(rows: readonly ReturnType<typeof rowOf>[], tally: Tally = {}): string {
  const none = { silent: 0, featureless: 0, unknownTiers: new Map(), isCut: false };
  const input = { rows, read: rows.length, ...none, ...tally };
  return describeInput({ ...input, judged: judgeRows(rows, lineup), lineup, most: 100_000 });
}

describe("describeInput()", () => {
  it("says that all labels are of one model only where they are", () => {
    expect(describeRows([labelled("small")])).toContain("all labels are of one model");
    const text = describeRows([labelled("small"), labelled("large"), labelled("large")]);
    expect(text).not.toContain("all labels are of one model");
    expect(text).toContain("no request has labels of a weak and of a strong model");
    expect(text).toContain("2 texts have labels, but none of a weak model");
  });

  it("says nothing of what is missing where nothing is", () => {
    const text = describeRows([labelled("small", "large")]);
    expect(text).toBe("1 rows read, 1 texts with labels: 1 both models\nmodels: small  <  large\n");
  });

  it("says where labels of a strong model alone were left out", () => {
    expect(describeRows([labelled("large")])).toContain("1 texts have labels, but none of a weak model");
  });

  it("counts rows of turns that are not scored, and rows that nothing can be read of", () => {
    const text = describeRows([labelled("small", "large")], { silent: 1_200 });
    expect(text).toContain("1,200 rows of turns that ask for");
    expect(describeRows([], { featureless: 400 })).toContain(
      `400 rows are left out that have neither a text nor features of version ${FEATURE_VERSION}`,
    );
  });

  it("counts labels of models that are neither weak nor strong, such as one that was renamed", () => {
    const rows = [labelled("small", "large-4"), labelled("small", "large-4"), labelled("middle", "large")];
    expect(describeRows([...rows, labelled("small", "large")])).toContain(
      "labels of models that are neither are left out: large-4 (2 texts), middle (1). ",
    );
  });

  it("counts what was said by tiers that are no more", () => {
    const unknownTiers = new Map([
      ["cheap", 3],
      ["tiny", 1_200],
    ]);
    expect(describeRows([labelled("small", "large")], { unknownTiers })).toContain(
      "gateway.yaml has no tier tiny (1,200 rows), cheap (3): what was said by it is left out\n",
    );
  });
});

/** What a candidate and the one in use reach; of each request the two models' scores and its key are told. */
function describeMeasured(
  requests: readonly (readonly [weak: number, strong: number, key: string])[],
  conversations = requests.length,
): string {
  const rows = requests.map(([weak, strong, caller], at): JudgedRow => {
    const [one, other] = [weak, strong].map((quality) => ({ quality, costUsd: null }));
    if (one === undefined || other === undefined) throw new Error("no models");
    const row = rowOf({ caller, conversation: `c${at % conversations}` });
    return { row, weak: one, strong: other, weight: 1, kind: "both models" };
  });
  const scores = Float64Array.from(rows, (_, at) => at);
  const options = { resamples: 20, seed: 1 };
  const column = { name: "candidate", isChance: false, scores };
  return describeResult({
    report: measureOwn(rows, [column], options),
    gain: compareColumns(rows, [scores, scores], { ...options, maxShare: 0.01 }),
    ...{ onNewest: null, curve: [], groups: [] },
    capped: { weights: new Float64Array(), share: 1, callers: 3, capped: 0 },
  });
}

describe("describeResult()", () => {
  const TOO_FEW = "requests are too few to tell: nearly all are of a few keys";
  const NO_GAP =
    "the strong model is not better than the weak one on these requests (mean .000 against 1.000)";
  const many = (key: (at: number) => string, pair: readonly [number, number]) =>
    Array.from({ length: 400 }, (_, at) => [...pair, key(at)] as const);

  it("says that too few requests decide where a few keys have nearly all, and what to do", () => {
    const text = describeMeasured(many((at) => (at < 396 ? "bot" : `key-${at % 2}`), [0, 1]));
    expect(text).toMatch(
      /\n\n\d\d? requests are too few to tell: nearly all are of a few keys.*--max-share-per-key 1/,
    );
    expect(describeMeasured(many((at) => `key-${at % 200}`, [0, 1]))).not.toContain(TOO_FEW);
  });

  it("tells of no resamples where there are too few conversations to draw", () => {
    const requests = many((at) => `key-${at % 200}`, [0, 1]);
    const few = describeMeasured(requests, 29);
    expect(few).toContain("they are of 29 conversations, too few to tell");
    expect(few).not.toContain("of the resamples");
    const enough = describeMeasured(requests, 30);
    expect(enough).toContain(
      "not better in 100 % of the resamples (to be taken for better: in less than 2.5 %)",
    );
    expect(enough).not.toContain("too few to tell");
  });

  it("says that nothing is to gain where the strong model is not better", () => {
    expect(describeMeasured(many((at) => `key-${at % 200}`, [1, 0]))).toContain(NO_GAP);
    expect(describeMeasured(many((at) => `key-${at % 200}`, [0, 1]))).not.toContain(
      "not better than the weak",
    );
  });
});

import { describe, expect, it } from "vitest";
import type { Verdict } from "../../src/classify/verdict.ts";
import { createSnapshot } from "../../src/compose.ts";
import type { Context } from "../../src/decide/context.ts";
import { withHint } from "../../src/decide/with-hint.ts";
import { read } from "../request/read.ts";
import { POLICY, policyOf } from "../support/sidecar-app.ts";

const VERDICT: Verdict = {
  strategy: "static",
  score: 50,
  confidence: 0.9,
  signals: () => [{ name: "keyword_patterns", raw: 80, weight: 0.5, contribution: 50, found: "1 keyword" }],
};
const CONTEXT: Context = {
  ...createSnapshot(policyOf(POLICY)),
  classify: () => VERDICT,
  catalog: null,
  draw: 0,
  now: new Date(0),
};

const requestOf = (...turns: readonly string[]) =>
  read({ messages: turns.map((content) => ({ role: "user", content })) });

/** The score of each turn, oldest first. */
function scoresOf(turns: readonly string[], hint: number | null): number[] {
  const request = requestOf(...turns);
  const { classify } = withHint(request, CONTEXT, hint);
  return request.turns.map((turn) => classify(request, turn).score);
}

describe("withHint()", () => {
  it("blends the hint into score and signals, which still add up to it", () => {
    const request = requestOf("hello there");
    const [turn] = request.turns;
    if (turn === undefined) throw new Error("a turn was expected");
    const verdict = withHint(request, CONTEXT, 90).classify(request, turn);
    expect(verdict).toMatchObject({ strategy: "static", score: 62, confidence: 0.9 });
    expect(verdict.signals()).toEqual([
      { name: "keyword_patterns", raw: 80, weight: 0.35, contribution: 35, found: "1 keyword" },
      { name: "hint", raw: 90, weight: 0.3, contribution: 27, found: "the header x-signalbox-hint" },
    ]);
  });

  it("concerns the newest turn that asks for something alone", () => {
    expect(scoresOf(["first ask", "second ask", "go on"], 100)).toEqual([50, 65, 50]);
    expect(scoresOf(["first ask", "second ask", "think harder"], 100)).toEqual([50, 65, 50]);
  });

  it("concerns the newest short reply where there is nothing else", () => {
    expect(scoresOf(["ok", "go on"], 100)).toEqual([50, 65]);
  });

  it("changes nothing without a hint or a turn", () => {
    expect(scoresOf(["first ask"], null)).toEqual([50]);
    expect(withHint(requestOf(), CONTEXT, 100)).toBe(CONTEXT);
  });
});

import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { describeSwitch } from "../../src/cli/train-switch.ts";
import { loadPolicyText } from "../../src/policy/load.ts";
import { POLICY } from "../support/sidecar-app.ts";

const ranges = { borders: [40], strongShare: 0.5, keptQuality: 0.97, costShare: 0.6 };
const loaded = loadPolicyText(POLICY, { file: "gateway.yaml", env: {} });
if (!loaded.ok) throw new Error("refused");
const { policy } = loaded;

/** The lines to switch with, and those to go back with. */
function linesOf(out: string, gateway: string, named: string | null): unknown[] {
  const text = describeSwitch({ ranges, costBasis: "usd" }, { out, gateway, policy, named });
  return text
    .split(/\n\n(?! )/)
    .flatMap((part) => part.split("\n\n").filter((lines) => lines.startsWith("  classifier:")))
    .map((lines) => parse(lines));
}

const rangesOf = (border: number) => {
  return { simple: { score_range: [0, border - 1] }, complex: { score_range: [border, 100] } };
};

describe("describeSwitch()", () => {
  it("gives the lines to switch with, and the old ones to go back", () => {
    expect(linesOf("conf/artifacts/new.json", "conf/gateway.yaml", "artifacts/old.json")).toEqual([
      { classifier: { strategy: "ml", ml: { artifact: "artifacts/new.json" } }, tiers: rangesOf(40) },
      { classifier: { strategy: "static", ml: { artifact: "artifacts/old.json" } }, tiers: rangesOf(66) },
    ]);
  });

  it.each([
    ["usd", "cost 60 % of always asking it."],
    ["calls", "make 60 % of its calls (too few costs are known: the cheap model counts as free)."],
  ] as const)("says what %s the ranges cost", (costBasis, words) => {
    const files = { out: "new.json", gateway: "gateway.yaml", policy, named: null };
    expect(describeSwitch({ ranges, costBasis }, files)).toContain(`quality and ${words}`);
  });

  it("says that the tiers between are counted as the strong model", () => {
    const [simple, complex] = policy.tiers;
    if (simple === undefined || complex === undefined) throw new Error("no tiers");
    const three = { ...policy, tiers: [simple, { ...simple, name: "medium" }, complex] };
    const words = "as if the strong model served all of it";
    const files = { out: "new.json", gateway: "gateway.yaml", named: null };
    const result = { ranges: { ...ranges, borders: [40, 60] }, costBasis: "usd" } as const;
    expect(describeSwitch(result, { ...files, policy: three })).toContain(words);
    expect(describeSwitch({ ...result, ranges }, { ...files, policy })).not.toContain(words);
  });

  it("names no file to go back to where gateway.yaml names none", () => {
    const [, back] = linesOf("new.json", "gateway.yaml", null);
    expect(back).toEqual({ classifier: { strategy: "static" }, tiers: rangesOf(66) });
  });

  it.each([
    ["artifacts/new.json", "conf/gateway.yaml", resolve("artifacts/new.json")],
    ["/state/new.json", "/etc/gateway.yaml", "/state/new.json"],
    [join("/etc", "a, b: {c}.json"), "/etc/gateway.yaml", "a, b: {c}.json"],
  ])("names %s for %s as %s", (out, gateway, artifact) => {
    expect(linesOf(out, gateway, null)[0]).toMatchObject({ classifier: { ml: { artifact } } });
  });
});

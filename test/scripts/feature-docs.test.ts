import { describe, expect, it } from "vitest";
import { describeFeatures, featureDocs } from "../../scripts/feature-docs.ts";
import { MEANINGS } from "../../scripts/feature-meanings.ts";
import { FEATURE_NAMES } from "../../src/classify/features/feature-list.ts";

const rowsOf = (text: string) =>
  [...text.matchAll(/^\| (\d+) \| `(\w+)` \| (.+?) \| (.+) \|$/gm)].map(
    ([, place, name, unit, meaning]) => [Number(place), name, unit, meaning] as const,
  );

describe("featureDocs()", () => {
  it("has every feature at its place, with a unit and a meaning of its own", () => {
    const rows = rowsOf(featureDocs());
    expect(rows.map(([place, name]) => [place, name])).toEqual(FEATURE_NAMES.map((name, at) => [at, name]));
    expect(new Set(rows.map(([, , , meaning]) => meaning)).size).toBe(rows.length);
  });

  it("describes no feature that there is not", () => {
    expect(Object.keys(MEANINGS).filter((name) => !FEATURE_NAMES.includes(name))).toEqual([]);
  });
});

describe("describeFeatures()", () => {
  it("tells of features that nobody has described what their names say", () => {
    const text = describeFeatures("7", [
      ["later", [["shoe_size"], ["sock_share"], ["law_words"], ["toString"]]],
    ]);
    expect(text).toContain("4 numbers, version 7");
    expect(rowsOf(text)).toEqual([
      [0, "shoe_size", "number", "Shoe size"],
      [1, "sock_share", "part, 0..1", "Sock share"],
      [2, "law_words", "count", "Different words of the subject law"],
      [3, "toString", "number", "ToString"],
    ]);
  });
});

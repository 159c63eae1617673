import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readCaseFiles } from "../../src/cli/case-file.ts";
import { runCases } from "../../src/cli/run-cases.ts";

const FILES = readCaseFiles(join(import.meta.dirname, "..", "cases"));

describe("decision cases", () => {
  it("are at least 200", () => {
    expect(FILES.flatMap(({ cases }) => cases).length).toBeGreaterThanOrEqual(200);
  });

  for (const file of FILES) {
    const results = runCases(file, () => {
      throw new Error(`${file.path} brings no policy`);
    });
    for (const { description, differences } of results) {
      it(`${file.path.replace(/^.*\//, "")}: ${description}`, () => {
        expect(differences).toEqual([]);
      });
    }
  }
});

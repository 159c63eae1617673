/** The decision cases for `npm run test:mutation`: run within tests, one a file, so that it sees what they reach. */
import { join } from "node:path";
import { expect, it } from "vitest";
import { readCaseFiles } from "../../src/cli/case-file.ts";
import { runCases } from "../../src/cli/run-cases.ts";

it.each(readCaseFiles(join(import.meta.dirname, "..", "cases")))("$path", (file) => {
  const results = runCases(file, () => {
    throw new Error(`${file.path} brings no policy`);
  });
  expect(results.filter(({ differences }) => differences.length > 0)).toEqual([]);
});

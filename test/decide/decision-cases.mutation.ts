/** The decision cases for `npm run test:mutation`: each a test of its own, so that it sees what each reaches. */
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { readCaseFiles } from "../../src/cli/case-file.ts";
import { createCaseRunner } from "../../src/cli/run-cases.ts";

for (const file of readCaseFiles(join(import.meta.dirname, "..", "cases"))) {
  const runCase = createCaseRunner(file, () => {
    throw new Error(`${file.path} brings no policy`);
  });
  describe(basename(file.path), () => {
    for (const one of file.cases) {
      it(one.description, () => {
        expect(runCase(one).differences).toEqual([]);
      });
    }
  });
}

import { existsSync, readFileSync, rmSync } from "node:fs";
import { z } from "zod";

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

const vitestReport = z.object({
  numPassedTests: z.number().int(),
  numFailedTests: z.number().int(),
  testResults: z.array(
    z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) }),
  ),
});

/**
 * Counts the tests of a vitest run by its JSON report, and removes the report. A file that could not be
 * loaded and a run that failed for another reason count as one failure each, so nothing broken looks well.
 */
export function countVitest(file: string, code: number): Counts {
  if (!existsSync(file)) return { passed: 0, failed: 1 };
  const report = vitestReport.parse(JSON.parse(readFileSync(file, "utf8")));
  rmSync(file);
  const broken = report.testResults.filter(
    (result) =>
      result.status === "failed" && !result.assertionResults.some((test) => test.status === "failed"),
  ).length;
  const failed = report.numFailedTests + broken;
  return withExitCode({ passed: report.numPassedTests, failed }, code);
}

/** Counts the tests of a pytest run by its last line, for instance `2 failed, 31 passed, 1 error in 4.1s`. */
export function countPytest(output: string, code: number): Counts {
  const summary =
    output
      .trimEnd()
      .split("\n")
      .findLast((line) => / in [\d.]+s/.test(line)) ?? "";
  const count = (word: string) => Number(new RegExp(`(\\d+) ${word}`).exec(summary)?.[1] ?? 0);
  return withExitCode({ passed: count("passed"), failed: count("failed") + count("errors?") }, code);
}

function withExitCode(counts: Counts, code: number): Counts {
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

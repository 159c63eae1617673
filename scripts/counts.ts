import { existsSync, readFileSync, rmSync } from "node:fs";
import { z } from "zod";

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  /** A line for each failure that has a name, with the first line of what it said. */
  readonly failures: readonly string[];
}

const vitestReport = z.object({
  numPassedTests: z.number().int(),
  numFailedTests: z.number().int(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().default(""),
      assertionResults: z.array(
        z.object({
          status: z.string(),
          fullName: z.string().default(""),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});

/**
 * Counts the tests of a vitest run by its JSON report, and removes the report. A file that could not be
 * loaded and a run that failed for another reason count as one failure each, so nothing broken looks well.
 */
export function countVitest(file: string, code: number): Counts {
  if (!existsSync(file)) return { passed: 0, failed: 1, failures: ["vitest wrote no report"] };
  const report = vitestReport.parse(JSON.parse(readFileSync(file, "utf8")));
  rmSync(file);
  const failedTests = report.testResults.flatMap((result) =>
    result.assertionResults
      .filter((test) => test.status === "failed")
      .map((test) => nameFailure(`${result.name}: ${test.fullName}`, test.failureMessages?.[0])),
  );
  const broken = report.testResults
    .filter(
      (result) =>
        result.status === "failed" && !result.assertionResults.some((test) => test.status === "failed"),
    )
    .map((result) => nameFailure(result.name, result.message));
  return withExitCode(
    {
      passed: report.numPassedTests,
      failed: report.numFailedTests + broken.length,
      failures: [...failedTests, ...broken],
    },
    code,
  );
}

/** Counts the tests of a pytest run by its last line, for instance `2 failed, 31 passed, 1 error in 4.1s`. */
export function countPytest(output: string, code: number): Counts {
  const lines = output.trimEnd().split("\n");
  const summary = lines.findLast((line) => / in [\d.]+s/.test(line)) ?? "";
  const count = (word: string) => Number(new RegExp(`(\\d+) ${word}`).exec(summary)?.[1] ?? 0);
  return withExitCode(
    {
      passed: count("passed"),
      failed: count("failed") + count("errors?"),
      failures: lines.filter((line) => /^(FAILED|ERROR) /.test(line)),
    },
    code,
  );
}

function nameFailure(name: string, message: string | undefined): string {
  return `${name}: ${(message ?? "").trim().split("\n")[0]}`;
}

function withExitCode(counts: Counts, code: number): Counts {
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

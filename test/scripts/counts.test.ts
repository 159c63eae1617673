import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { countPytest, countVitest } from "../../scripts/counts.ts";

describe("countPytest()", () => {
  it("reads the last line, errors counted as failures", () => {
    const output = "x in 1s\n==== 2 failed, 31 passed, 1 error in 4.10s ====\n";
    expect(countPytest(output, 1)).toEqual({ passed: 31, failed: 3 });
  });

  it("counts a run that failed without a failed test", () => {
    expect(countPytest("INTERNALERROR", 3)).toEqual({ passed: 0, failed: 1 });
  });
});

describe("countVitest()", () => {
  const report = (content: object) => {
    const file = join(mkdtempSync(join(tmpdir(), "signalbox-counts-")), "report.json");
    writeFileSync(file, JSON.stringify(content));
    return file;
  };

  it("counts tests, and a file that could not be loaded as one failure", () => {
    const file = report({
      numPassedTests: 5,
      numFailedTests: 1,
      testResults: [
        { status: "failed", assertionResults: [{ status: "failed" }, { status: "passed" }] },
        { status: "failed", assertionResults: [] },
      ],
    });
    expect(countVitest(file, 1)).toEqual({ passed: 5, failed: 2 });
  });

  it("counts a run that failed while every test passed, and one without a report", () => {
    const file = report({ numPassedTests: 5, numFailedTests: 0, testResults: [] });
    expect(countVitest(file, 1)).toEqual({ passed: 5, failed: 1 });
    expect(countVitest(file, 0)).toEqual({ passed: 0, failed: 1 });
  });
});

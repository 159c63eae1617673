import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { countPytest, countVitest } from "../../scripts/counts.ts";

describe("countPytest()", () => {
  it("reads the last line, errors counted as failures, and names what failed", () => {
    const output = [
      "FAILED tests/test_a.py::test_b - assert 1 == 2",
      "ERROR tests/test_c.py - no such module",
      "==== 2 failed, 31 passed, 1 error in 4.10s ====\n",
    ];
    expect(countPytest(output.join("\n"), 1)).toEqual({
      passed: 31,
      failed: 3,
      failures: output.slice(0, 2),
    });
  });

  it("counts a run that failed without a failed test", () => {
    expect(countPytest("INTERNALERROR", 3)).toMatchObject({ passed: 0, failed: 1 });
  });
});

describe("countVitest()", () => {
  const report = (content: object) => {
    const file = join(mkdtempSync(join(tmpdir(), "signalbox-counts-")), "report.json");
    writeFileSync(file, JSON.stringify(content));
    return file;
  };

  it("counts and names tests, and a file that could not be loaded as one failure", () => {
    const failed = { status: "failed", fullName: "a() adds", failureMessages: ["expected 2\n    at a.ts:1"] };
    const file = report({
      numPassedTests: 5,
      numFailedTests: 1,
      testResults: [
        { name: "test/a.test.ts", status: "failed", assertionResults: [failed, { status: "passed" }] },
        { name: "test/b.test.ts", status: "failed", message: "no such module", assertionResults: [] },
      ],
    });
    expect(countVitest(file, 1)).toEqual({
      passed: 5,
      failed: 2,
      failures: ["test/a.test.ts: a() adds: expected 2", "test/b.test.ts: no such module"],
    });
  });

  it("counts a run that failed while every test passed, and one without a report", () => {
    const file = report({ numPassedTests: 5, numFailedTests: 0, testResults: [] });
    expect(countVitest(file, 1)).toMatchObject({ passed: 5, failed: 1 });
    expect(countVitest(file, 0)).toMatchObject({ passed: 0, failed: 1 });
  });
});

/**
 * `npm test`: sets up what is needed, then runs the checks, the TypeScript tests and the Python tests. The
 * last line is `N passed, N failed`, alone; a check counts as one.
 */
import { existsSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ensureTestBrowser } from "./browser.ts";
import { checksOf } from "./checks.ts";
import { type Counts, countPytest, countVitest } from "./counts.ts";
import { runPart } from "./part.ts";
import { ensureTestPython } from "./python.ts";
import { useFolderOfRun } from "./run-folder.ts";

const VITEST_REPORT = ".signalbox/test/vitest.json";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
useFolderOfRun();
const pythonBin = await ensureTestPython();
const browser = await ensureTestBrowser();
const counts: Counts[] = [];
for (const check of checksOf(pythonBin)) {
  const { code } = await runPart(check);
  counts.push(
    code === 0
      ? { passed: 1, failed: 0, failures: [] }
      : { passed: 0, failed: 1, failures: [`${check.title}: code ${code}`] },
  );
}
counts.push(await runVitest());
if (existsSync("callback/tests")) counts.push(await runPytest());

const passed = counts.reduce((sum, part) => sum + part.passed, 0);
const failed = counts.reduce((sum, part) => sum + part.failed, 0);
// The last thing printed: a log that is cut at its beginning still says what failed.
for (const failure of counts.flatMap((part) => part.failures)) console.log(`\nfailed: ${failure}`);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

async function runVitest(): Promise<Counts> {
  mkdirSync(".signalbox/test", { recursive: true });
  const { code } = await runPart({
    title: "TypeScript tests (vitest)",
    command: "node_modules/.bin/vitest",
    args: [
      "run",
      "--project=unit",
      "--project=db",
      "--project=e2e",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${VITEST_REPORT}`,
    ],
    env: {
      SIGNALBOX_PYTHON_BIN: process.env.SIGNALBOX_PYTHON_BIN ?? pythonBin,
      ...(browser === null ? {} : { SIGNALBOX_TEST_BROWSER: browser }),
      CI: "1",
    },
  });
  return countVitest(VITEST_REPORT, code);
}

async function runPytest(): Promise<Counts> {
  const { code, output } = await runPart({
    title: "callback tests (pytest)",
    command: `${pythonBin}/python`,
    args: ["-m", "pytest", "callback/tests"],
    env: { LITELLM_LOCAL_MODEL_COST_MAP: "True" },
  });
  return countPytest(output, code);
}

import { type CheckResult, checkPolicyFile } from "../load.ts";
import type { Problem } from "../policy.ts";

/** What a thread is to check. */
export interface CheckTask {
  readonly file: string;
  /** What `os.environ/VAR` in `routing` stands for. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Most problems of a file that are handed over: a file of typos has hundreds of thousands. */
const MAX_PROBLEMS = 100;

/** Checks the file of a task, in whatever thread. Total. */
export function runCheck({ file, env }: CheckTask): CheckResult {
  return handOver(checkPolicyFile(file, env));
}

/** What of a check another thread is given. */
export function handOver(result: CheckResult): CheckResult {
  if (!result.ok) return { ok: false, problems: shorten(result.problems) };
  const { checked } = result;
  return { ok: true, checked: { ...checked, warnings: shorten(checked.warnings) } };
}

function shorten(problems: readonly Problem[]): readonly Problem[] {
  const [first] = problems;
  const left = problems.length - MAX_PROBLEMS;
  if (first === undefined || left <= 0) return problems;
  const rest: Problem = { ...first, path: "", line: null, message: `${left} more of these are left out` };
  return [...problems.slice(0, MAX_PROBLEMS), rest];
}

import { firstProblems } from "../first-problems.ts";
import { type CheckResult, checkPolicyFile } from "../load.ts";

/** What a thread is to check. */
export interface CheckTask {
  readonly file: string;
  /** What `os.environ/VAR` in `routing` stands for. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Checks the file of a task, in whatever thread. Total. */
export function runCheck({ file, env }: CheckTask): CheckResult {
  return handOver(checkPolicyFile(file, env));
}

/** What of a check another thread is given: a file of typos has hundreds of thousands. */
export function handOver(result: CheckResult): CheckResult {
  return result.ok ? result : { ok: false, problems: firstProblems(result.problems) };
}

import type { Problem } from "./policy.ts";

/** Most problems of a file that are told where not all of them need be: one that was generated has thousands. */
const MAX_PROBLEMS = 100;

/** The first problems of a file, and how many more there are. */
export function firstProblems(problems: readonly Problem[]): readonly Problem[] {
  const [first] = problems;
  const left = problems.length - MAX_PROBLEMS;
  if (first === undefined || left <= 0) return problems;
  const rest: Problem = { ...first, path: "", line: null, message: `${left} more of these are left out` };
  return [...problems.slice(0, MAX_PROBLEMS), rest];
}

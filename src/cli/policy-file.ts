import { formatProblem, loadPolicyFile } from "../policy/load.ts";
import type { Policy } from "../policy/policy.ts";
import { CliError, EXIT } from "./cli-error.ts";

/**
 * Loads gateway.yaml for a command; warnings go to standard error.
 *
 * @throws {CliError} with every problem of the file.
 */
export function loadPolicyOrFail(path: string): Policy {
  const result = loadPolicyFile(path, process.env);
  if (!result.ok) {
    const lines = result.problems.map(formatProblem);
    throw new CliError(EXIT.misused, `Cannot load ${path}:\n${lines.join("\n")}`);
  }
  for (const warning of result.policy.warnings) process.stderr.write(`${formatProblem(warning)}\n`);
  return result.policy;
}

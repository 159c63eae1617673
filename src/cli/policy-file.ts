import { type CheckedFile, checkPolicyFile, formatProblem, loadPolicyFile } from "../policy/load.ts";
import type { Policy, Problem } from "../policy/policy.ts";
import { CliError, EXIT } from "./cli-error.ts";

/**
 * Loads gateway.yaml for a command; warnings go to standard error.
 *
 * @throws {CliError} with every problem of the file.
 */
export function loadPolicyOrFail(path: string): Policy {
  const policy = loadUntoldOrFail(path);
  tell(policy.warnings);
  return policy;
}

/**
 * The same for what starts a sidecar, which tells the warnings itself.
 *
 * @throws {CliError} with every problem of the file.
 */
export function loadUntoldOrFail(path: string): Policy {
  const result = loadPolicyFile(path, process.env);
  if (!result.ok) throw refusal(path, result.problems);
  return result.policy;
}

/**
 * Loads gateway.yaml for a command that needs to know what stands in it too; `compileChecked()` makes the policy.
 *
 * @throws {CliError} with every problem of the file.
 */
export function checkPolicyOrFail(path: string): CheckedFile {
  const result = checkPolicyFile(path, process.env);
  if (!result.ok) throw refusal(path, result.problems);
  tell(result.checked.warnings);
  return result.checked;
}

function refusal(path: string, problems: readonly Problem[]): CliError {
  return new CliError(EXIT.misused, `Cannot load ${path}:\n${problems.map(formatProblem).join("\n")}`);
}

function tell(warnings: readonly Problem[]): void {
  for (const warning of warnings) process.stderr.write(`${formatProblem(warning)}\n`);
}

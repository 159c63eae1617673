import { CliError, EXIT } from "./cli-error.ts";

interface Found {
  /** What cannot be done: `evaluate`. */
  readonly action: string;
  /** What each of the models has: `outcome`. */
  readonly what: string;
  readonly known: ReadonlySet<string>;
}

/**
 * Refuses names of models of which nothing is known.
 *
 * @throws {CliError} that names those that there are.
 */
export function checkModels(named: readonly string[], { action, what, known }: Found): void {
  const unknown = named.filter((model) => !known.has(model));
  if (unknown.length === 0) return;
  const expected = [...known].sort().join(", ");
  throw new CliError(
    EXIT.misused,
    `Cannot ${action}: found no ${what} of ${unknown.join(", ")}, expected ${expected}`,
  );
}

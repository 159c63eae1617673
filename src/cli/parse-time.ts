import { InvalidArgumentError } from "commander";

/**
 * Reads a time of the command line; a date alone is its midnight in UTC.
 *
 * @throws {InvalidArgumentError} where it is none, or before 1970.
 */
export function parseTime(text: string): Date {
  const time = new Date(text);
  if (time.getTime() >= 0) return time;
  throw new InvalidArgumentError("expected a time such as 2026-01-31 or 2026-01-31T12:00:00Z");
}

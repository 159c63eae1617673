import { InvalidArgumentError } from "commander";
import { queryTime } from "../http/query.ts";

const timeSchema = queryTime();

/**
 * Reads a time of the command line, as the API does; a date alone is its midnight in UTC.
 *
 * @throws {InvalidArgumentError} where it is none, or before 1970.
 */
export function parseTime(text: string): Date {
  const result = timeSchema.safeParse(text);
  const time = new Date(result.success ? result.data : Number.NaN);
  if (time.getTime() >= 0) return time;
  throw new InvalidArgumentError("expected a time such as 2026-01-31 or 2026-01-31T12:00:00Z");
}

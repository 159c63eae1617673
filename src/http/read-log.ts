import { type LogReader, LogUnavailable } from "../log/log-reader.ts";
import { HttpError } from "./http-error.ts";

/**
 * Asks the log.
 *
 * @param reader null where nothing is logged.
 * @throws {HttpError} of type unavailable where there is no log, or its database does not answer.
 */
export async function readLog<T>(
  reader: LogReader | null,
  question: (reader: LogReader) => Promise<T>,
): Promise<T> {
  if (reader === null) {
    throw new HttpError("unavailable", "Cannot read the log: nothing is logged (collector.enabled is false)");
  }
  try {
    return await question(reader);
  } catch (error) {
    if (error instanceof LogUnavailable) throw new HttpError("unavailable", error.message, { cause: error });
    throw error;
  }
}

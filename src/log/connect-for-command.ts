import { type Connection, type ConnectOptions, connect } from "./connection.ts";
import { describeDatabase } from "./describe-database.ts";

/**
 * Connects to the database of the log for a person at a terminal.
 *
 * @throws {Error} saying where no database was found, and what runs one.
 */
export async function connectForCommand(
  databaseUrl: string,
  applicationName: string,
  options: ConnectOptions = {},
): Promise<Connection> {
  try {
    return await connect(databaseUrl, applicationName, options);
  } catch (error) {
    throw new Error(
      `Cannot connect to ${describeDatabase(databaseUrl)}: ${causeOf(error)}; expected a running PostgreSQL: ` +
        "`npm start` runs one, DATABASE_URL names another",
      { cause: error },
    );
  }
}

/** What went wrong. Node reports a name with several addresses as an error without a message of its own. */
export function causeOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(causeOf).join(", ");
  return error instanceof Error ? error.message : String(error);
}

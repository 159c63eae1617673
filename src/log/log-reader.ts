import { type ClientBase, DatabaseError, Pool, type PoolClient } from "pg";
import { type FoundDecision, findDecision } from "./queries/find-decision.ts";
import { type DecisionSummary, type ListOptions, listDecisions } from "./queries/list-decisions.ts";
import { readStats, type Stats, type StatsDays } from "./queries/read-stats.ts";

/** Answers questions about what is in the database. Each throws `LogUnavailable` where the database does not answer. */
export interface LogReader {
  /** Newest first. */
  list(options: ListOptions): Promise<DecisionSummary[]>;
  /** @param id a UUID. @returns null where the database has no such decision. */
  find(id: string): Promise<FoundDecision | null>;
  stats(days: StatsDays): Promise<Stats>;
  /** Lets go of the database. What is under way is cut off after `deadlineMs`. */
  close(deadlineMs: number): Promise<void>;
}

/** The database cannot answer now; its message is for people. */
export class LogUnavailable extends Error {
  override name = "LogUnavailable";
}

/** People read, and few at once: more connections would only take the drain's share of the database. */
const MAX_CONNECTIONS = 4;
/** How long a question waits for a connection, and a connection for the database, in milliseconds. */
const CONNECT_TIMEOUT_MS = 3_000;
const STATEMENT_TIMEOUT_MS = 10_000;
/** A server that is silent for so long is gone: it would have ended the statement. */
const ANSWER_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 2_000;
const IDLE_TIMEOUT_MS = 30_000;
/**
 * Poolers refuse a connection that begins with settings, and hand on to others what is set for longer. Times are
 * written the same way whatever the database's own settings are.
 */
const BEGIN = `BEGIN READ ONLY; SET LOCAL statement_timeout = ${STATEMENT_TIMEOUT_MS};
  SET LOCAL DateStyle = 'ISO'; SET LOCAL TimeZone = 'UTC'`;

/** Opens a reader of the log. Connects when it is first asked, and again after the database was away. */
export function createLogReader(databaseUrl: string): LogReader {
  const pool = new Pool({
    connectionString: databaseUrl,
    application_name: "signalbox read",
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    query_timeout: ANSWER_TIMEOUT_MS,
    keepAlive: true,
  });
  // A connection that breaks while idle says so here; the pool makes a new one when it is asked.
  pool.on("error", () => undefined);
  const busy = new Set<() => void>();
  const read = <T>(query: (client: ClientBase) => Promise<T>) => readWith({ pool, busy }, query);
  return {
    list: (options) => read((client) => listDecisions(client, options)),
    find: (id) => read((client) => findDecision(client, id)),
    stats: (days) => read((client) => readStats(client, days)),
    close: async (deadlineMs) => {
      const timer = setTimeout(() => {
        for (const cut of busy) cut();
      }, deadlineMs);
      await pool.end();
      clearTimeout(timer);
    },
  };
}

interface Readers {
  readonly pool: Pool;
  /** Cut off what is under way. */
  readonly busy: Set<() => void>;
}

async function readWith<T>({ pool, busy }: Readers, query: (client: ClientBase) => Promise<T>): Promise<T> {
  const client = await connectTo(pool);
  const letGo = (destroy: boolean) => {
    if (busy.delete(cut)) client.release(destroy);
  };
  const cut = () => letGo(true);
  busy.add(cut);
  try {
    await client.query(BEGIN);
    const result = await query(client);
    await client.query("COMMIT");
    letGo(false);
    return result;
  } catch (error) {
    // Whatever happened to this connection, the next question has none of it.
    letGo(true);
    throw toUnavailable(error);
  }
}

async function connectTo(pool: Pool): Promise<PoolClient> {
  try {
    // What the URL names of files, a certificate for one, is read here, and throws at once.
    return await pool.connect();
  } catch (error) {
    throw toUnavailable(error);
  }
}

/** Says in a sentence why there is no answer; what is our own mistake stays as it is. */
function toUnavailable(error: unknown): unknown {
  const why = error instanceof DatabaseError ? refusalOf(error) : isLost(error) ? AWAY : null;
  return why === null ? error : new LogUnavailable(`Cannot read the log: ${why}`, { cause: error });
}

const AWAY = "its database does not answer; decisions go on, and wait on the disk to be stored";

/** Errors of the network have a code, those of the driver say one of these. */
const LOST = /^(?:Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client )/;

function isLost(error: unknown): boolean {
  if (error instanceof AggregateError) return true;
  return (
    error instanceof Error &&
    (("code" in error && typeof error.code === "string") || LOST.test(error.message))
  );
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const QUERY_CANCELED = "57014";
const UNDEFINED_TABLE = "42P01";
const UNDEFINED_COLUMN = "42703";
const UNDEFINED_FUNCTION = "42883";
const INSUFFICIENT_PRIVILEGE = "42501";
/** Connection exception, invalid authorization, insufficient resources, operator intervention, system error. */
const AWAY_CLASSES: ReadonlySet<string> = new Set(["08", "28", "53", "57", "58"]);

function refusalOf({ code }: DatabaseError): string | null {
  switch (code) {
    case QUERY_CANCELED:
      return `found no answer within ${STATEMENT_TIMEOUT_MS / 1_000} s, expected a question of fewer days`;
    case UNDEFINED_TABLE:
    case UNDEFINED_COLUMN:
    case UNDEFINED_FUNCTION:
      return "its database lacks a table, column or function, expected the schema that `signalbox migrate` makes";
    case INSUFFICIENT_PRIVILEGE:
      return "its database lets this user not read it";
    default:
      return AWAY_CLASSES.has(code?.slice(0, 2) ?? "") ? AWAY : null;
  }
}

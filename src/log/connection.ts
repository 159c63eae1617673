import { Socket } from "node:net";
import { Client } from "pg";

/** One connection to the database that can be let go of at once. */
export interface Connection {
  readonly client: Client;
  /** Says goodbye; resolves when the connection is closed. */
  close(): Promise<void>;
  /** Cuts the connection: whatever waits for an answer on it fails now. */
  destroy(): void;
  /** Whether it was cut, or its server has closed it. */
  isCut(): boolean;
}

export interface ConnectOptions {
  /** A statement without an answer for so long has lost its server; 60,000 by default. */
  readonly answerTimeoutMs?: number | undefined;
  /** Gives up connecting, or cuts the connection. */
  readonly signal?: AbortSignal;
}

const CONNECT_TIMEOUT_MS = 5_000;
const ANSWER_TIMEOUT_MS = 60_000;

/**
 * Connects to PostgreSQL.
 *
 * @throws {Error} where it cannot be reached or does not let us in.
 */
export async function connect(
  databaseUrl: string,
  applicationName: string,
  { answerTimeoutMs = ANSWER_TIMEOUT_MS, signal }: ConnectOptions = {},
): Promise<Connection> {
  const socket = new Socket({ signal });
  const client = new Client({
    connectionString: databaseUrl,
    application_name: applicationName,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: answerTimeoutMs,
    keepAlive: true,
    // Our own socket, for there is no other way to cut a connection whose server is silent.
    stream: () => socket,
  });
  // A connection that breaks while idle says so here; the next statement on it fails and is dealt with there.
  client.on("error", () => socket.destroy());
  try {
    await client.connect();
  } catch (error) {
    socket.destroy();
    throw error;
  }
  return {
    client,
    close: () => client.end(),
    destroy: () => socket.destroy(),
    isCut: () => socket.destroyed,
  };
}

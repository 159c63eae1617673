import { type ClientBase, Query } from "pg";

/** What of a connection takes rows: pg has it, its types do not. */
interface CopyConnection {
  sendCopyFromChunk(rows: Buffer): void;
  endCopyFrom(): void;
}

/** A statement that asks for its rows, and gets them in one piece. */
class CopyIn extends Query {
  readonly #rows: Buffer;

  constructor(statement: string, rows: Buffer, done: (error: Error | undefined) => void) {
    super(statement, done);
    this.#rows = rows;
  }

  /** Called by pg when the server is ready for them. */
  handleCopyInResponse(connection: CopyConnection): void {
    connection.sendCopyFromChunk(this.#rows);
    connection.endCopyFrom();
  }
}

/**
 * Stores all rows or none.
 *
 * @param statement `COPY ... FROM STDIN`.
 * @param rows as that reads them; not to be changed until they are stored.
 * @throws {Error} where the server refuses them or does not answer.
 */
export function copyIn(client: ClientBase, statement: string, rows: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    client.query(new CopyIn(statement, rows, (error) => (error ? reject(error) : resolve())));
  });
}

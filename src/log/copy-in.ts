import { type ClientBase, type Connection, Query } from "pg";

/** CopyData begins with its letter and its length, which counts itself. */
const COPY_DATA = Buffer.from("d");
const LENGTH_BYTES = 4;
/** All rows are sent. */
const COPY_DONE = Buffer.from([...Buffer.from("c"), 0, 0, 0, LENGTH_BYTES]);

/** A statement that asks for its rows, and gets them in one message. */
class CopyIn extends Query {
  readonly #rows: Buffer;

  constructor(statement: string, rows: Buffer, done: (error: Error | undefined) => void) {
    super(statement, done);
    this.#rows = rows;
  }

  /** Called by pg when the server is ready for them. Its own way to send them is through a copy that is made anew each time. */
  handleCopyInResponse({ stream }: Connection): void {
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt32BE(LENGTH_BYTES + this.#rows.length);
    stream.cork();
    for (const part of [COPY_DATA, length, this.#rows, COPY_DONE]) stream.write(part);
    stream.uncork();
  }
}

/**
 * Stores all rows or none.
 *
 * @param statement `COPY ... FROM STDIN`.
 * @param rows as that reads them; not to be changed until this is settled.
 * @throws {Error} where the server refuses them or does not answer.
 */
export function copyIn(client: ClientBase, statement: string, rows: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    client.query(new CopyIn(statement, rows, (error) => (error ? reject(error) : resolve())));
  });
}

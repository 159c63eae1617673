import { setImmediate } from "node:timers/promises";
import { type ClientBase, type Connection, Query } from "pg";

/** A message begins with its letter and its length, which counts itself. */
const LENGTH_BYTES = 4;
const COPY_DATA = "d";
/** All rows are sent. */
const COPY_DONE = message("c", 0);
/** They will not be. The reason is an empty text. */
const COPY_FAIL = Buffer.concat([message("f", 1), Buffer.alloc(1)]);

/** A statement that asks for its rows, and gets them in parts. */
class CopyIn extends Query {
  readonly #parts: Iterator<Buffer>;
  #part: Buffer | undefined;
  /** What came of making parts. */
  #failure: unknown = null;
  #isOver = false;

  /** @throws what making the first part throws. */
  constructor(statement: string, parts: Iterable<Buffer>, done: (error: unknown) => void) {
    super(statement, (error) => {
      this.#isOver = true;
      done(this.#failure ?? error);
    });
    this.#parts = parts[Symbol.iterator]();
    this.#part = this.#nextPart();
  }

  /** Called by pg when the server is ready for them. Its own way to send them is through a copy that is made anew each time. */
  handleCopyInResponse({ stream }: Connection): void {
    void this.#send(stream);
  }

  async #send(stream: Connection["stream"]): Promise<void> {
    try {
      while (this.#part !== undefined && !this.#isOver) {
        const sent = send(stream, [message(COPY_DATA, this.#part.length), this.#part]);
        // While the server works on the one before.
        this.#part = this.#nextPart();
        await sent;
        await setImmediate();
      }
    } catch (error) {
      this.#failure = error;
    }
    // Once it is over the connection is somebody else's.
    if (!this.#isOver) stream.write(this.#failure === null ? COPY_DONE : COPY_FAIL);
  }

  #nextPart(): Buffer | undefined {
    const next = this.#parts.next();
    return next.done === true ? undefined : next.value;
  }
}

/** Resolves once the system has the bytes, or will never have them. */
function send(stream: Connection["stream"], parts: readonly [Buffer, Buffer]): Promise<void> {
  return new Promise((resolve) => {
    stream.cork();
    stream.write(parts[0]);
    stream.write(parts[1], () => resolve());
    stream.uncork();
  });
}

function message(letter: string, bytes: number): Buffer {
  const head = Buffer.alloc(1 + LENGTH_BYTES, letter);
  head.writeUInt32BE(LENGTH_BYTES + bytes, 1);
  return head;
}

/**
 * Stores all rows or none.
 *
 * @param statement `COPY ... FROM STDIN`.
 * @param parts of what that reads. One is to stay as it is until the one after the next is asked for, the last two
 * until this is settled. What making one throws ends the statement.
 * @throws {Error} where the server refuses them or does not answer.
 */
export function copyIn(client: ClientBase, statement: string, parts: Iterable<Buffer>): Promise<void> {
  return new Promise((resolve, reject) => {
    client.query(new CopyIn(statement, parts, (error) => (error ? reject(error) : resolve())));
  });
}

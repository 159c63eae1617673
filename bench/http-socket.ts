import { once } from "node:events";
import { connect, type Socket } from "node:net";

const END_OF_HEAD = "\r\n\r\n";
const OK = "HTTP/1.1 200 ";
/** Bytes of an unexpected answer that the error shows. */
const SHOWN_BYTES = 500;

/** One kept-alive connection that has at most one request under way. Reads answers with Content-Length only. */
export class HttpSocket {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  /** Bytes of the whole answer, 0 until its head has come. */
  #expected = 0;
  #resolve: (() => void) | null = null;
  #reject: ((error: Error) => void) | null = null;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
    socket.on("error", (error) => this.#fail(error.message));
    socket.on("close", () => this.#fail("the server closed the connection"));
  }

  /** Connects to a port of this machine. */
  static async open(port: number): Promise<HttpSocket> {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    await once(socket, "connect");
    return new HttpSocket(socket);
  }

  /** Sends a whole request; fulfilled with the last byte of its answer. @throws where that is not a 200. */
  ask(request: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#resolve = null;
    this.#reject = null;
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    if (this.#expected === 0) this.#readHead();
    if (this.#expected === 0 || this.#received.length < this.#expected) return;
    this.#received = Buffer.alloc(0);
    this.#expected = 0;
    const resolve = this.#resolve;
    this.#resolve = null;
    resolve?.();
  }

  #readHead(): void {
    const end = this.#received.indexOf(END_OF_HEAD);
    if (end === -1) return;
    const head = this.#received.toString("latin1", 0, end);
    const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
    if (!head.startsWith(OK)) this.#fail(this.#received.toString("utf8", 0, SHOWN_BYTES));
    else if (length === undefined) this.#fail(`no Content-Length in ${head}`);
    else this.#expected = end + END_OF_HEAD.length + Number(length);
  }

  #fail(found: string): void {
    const reject = this.#reject;
    this.#resolve = null;
    this.#reject = null;
    reject?.(new Error(`Cannot measure: found ${found}, expected an answer with status 200`));
    this.#socket.destroy();
  }
}

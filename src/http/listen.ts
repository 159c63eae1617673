import { chmodSync, rmSync, statSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { answerClientError } from "./client-error.ts";
import { keepRoom } from "./keep-room.ts";

/** Where the server can be reached. */
export type Address =
  | { readonly host: string; readonly port: number }
  /** Path of a Unix socket, for its owner and group only. */
  | { readonly socket: string };

/** A server that listens. */
export interface Listening {
  /** `http://127.0.0.1:4100` or `unix:///run/signalbox.sock`. */
  readonly url: string;
  /** Takes no new connection, answers what is in flight, at most `deadlineMs` long. */
  close(deadlineMs: number): Promise<void>;
}

/** What connections may take. Times in milliseconds; headers and body of a question are a few KiB from nearby. */
const LIMITS = {
  /** From the first byte, or from the connection, to the end of the headers. */
  headersTimeout: 10_000,
  /** The same to the end of the body. */
  requestTimeout: 15_000,
  /** Longer than a client keeps its pooled connections, so that it never writes into one that is closing. */
  keepAliveTimeout: 75_000,
  /** How often these times are looked at. */
  connectionsCheckingInterval: 5_000,
  /** Bytes. */
  maxHeaderSize: 16_384,
  /** Connections at once: each worker of LiteLLM holds at most 64. */
  maxConnections: 1_024,
};

/** Limits of a server; tests wait for shorter ones. */
export type Limits = Readonly<typeof LIMITS>;

/**
 * Listens on TCP or on a Unix socket. A socket file that nobody listens on is replaced.
 *
 * @throws {Error} where the address is taken or not to be had.
 */
export async function listen(
  listener: RequestListener,
  address: Address,
  limits: Partial<Limits> = {},
): Promise<Listening> {
  const { maxConnections, ...options } = { ...LIMITS, ...limits };
  const server = createServer(options, listener);
  keepRoom(server, maxConnections);
  server.on("clientError", answerClientError);
  if ("socket" in address) await removeLeftSocket(address.socket);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen("socket" in address ? { path: address.socket } : address, resolve);
  });
  if ("socket" in address) chmodSync(address.socket, 0o660);
  return { url: urlOf(server), close: (deadlineMs) => closeServer(server, deadlineMs) };
}

/** Left by a process that was killed. Never one in use: its owner would lose it, and remove ours when it ends. */
async function removeLeftSocket(path: string): Promise<void> {
  if (!statSync(path, { throwIfNoEntry: false })?.isSocket()) return;
  if (await isUsed(path)) {
    throw new Error(`Cannot listen: found another process on ${path}, expected a socket that nobody uses`);
  }
  rmSync(path, { force: true });
}

function isUsed(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    // Any other error, a full queue for one, comes from a socket that somebody has.
    probe.once("error", (error) => resolve(!("code" in error && error.code === "ECONNREFUSED")));
    probe.once("connect", () => {
      probe.destroy();
      resolve(true);
    });
  });
}

function urlOf(server: Server): string {
  const address: AddressInfo | string | null = server.address();
  if (address === null) throw new Error("Cannot listen: found no address, expected a bound server");
  if (typeof address === "string") return `unix://${address}`;
  const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}`;
}

/** How often a stop lets go of connections whose answers are out, in milliseconds. */
const IDLE_CHECK_MS = 25;

async function closeServer(server: Server, deadlineMs: number): Promise<void> {
  // A client that asks on and on would hold its connection until the deadline cuts an answer off.
  server.prependListener("request", (_request, response) => {
    response.shouldKeepAlive = false;
  });
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
  const timer = setTimeout(() => server.closeAllConnections(), deadlineMs);
  await closed;
  clearInterval(idle);
  clearTimeout(timer);
}

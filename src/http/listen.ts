import { chmodSync, rmSync, statSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";

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

/** Limits of one connection, in milliseconds; headers and body of a question are a few KiB from nearby. */
const LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  // Longer than a client keeps its pooled connections, so that it never writes into one that is closing.
  keepAliveTimeout: 75_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16_384,
} as const;

/** Connections at once: each worker of LiteLLM holds at most 64. */
const MAX_CONNECTIONS = 1_024;

/**
 * Listens on TCP or on a Unix socket. A socket file that nobody listens on is replaced.
 *
 * @throws {Error} where the address is taken or not to be had.
 */
export async function listen(listener: RequestListener, address: Address): Promise<Listening> {
  const server = createServer(LIMITS, listener);
  server.maxConnections = MAX_CONNECTIONS;
  if ("socket" in address) removeSocket(address.socket);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen("socket" in address ? { path: address.socket } : address, resolve);
  });
  if ("socket" in address) chmodSync(address.socket, 0o660);
  return { url: urlOf(server), close: (deadlineMs) => closeServer(server, deadlineMs) };
}

function removeSocket(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isSocket()) rmSync(path);
}

function urlOf(server: Server): string {
  const address: AddressInfo | string | null = server.address();
  if (address === null) throw new Error("Cannot listen: found no address, expected a bound server");
  if (typeof address === "string") return `unix://${address}`;
  const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}`;
}

async function closeServer(server: Server, deadlineMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), deadlineMs);
  await closed;
  clearTimeout(timer);
}

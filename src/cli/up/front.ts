import { connect, createServer, type Socket } from "node:net";

/** One port that leads to whichever process serves behind it. */
export interface Front {
  /** Leads new connections to this port from now on; those that are there stay where they are. */
  lead(port: number): void;
  /** Ends every connection. */
  close(): Promise<void>;
}

/**
 * Listens on a port and passes bytes on, so that the process behind it can be replaced while clients go on.
 *
 * @throws {Error} where the port is taken.
 */
export async function openFront({
  host,
  port,
}: {
  readonly host: string;
  readonly port: number;
}): Promise<Front> {
  let target: number | null = null;
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, (client) => {
    if (target === null) client.destroy();
    else join(client, connect({ host, port: target, allowHalfOpen: true, noDelay: true }), sockets);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port, exclusive: true }, resolve);
  });
  return {
    lead: (next) => {
      target = next;
    },
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Each end is passed on as it comes: half of a connection that ended, or all of it that broke. */
function join(client: Socket, upstream: Socket, sockets: Set<Socket>): void {
  for (const [socket, other] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    sockets.add(socket);
    socket.on("error", () => other.destroy());
    socket.on("close", () => {
      sockets.delete(socket);
      if (!other.writableEnded) other.destroy();
    });
    socket.pipe(other);
  }
  client.resume();
}

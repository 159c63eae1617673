import { connect, createServer, type Server, type Socket } from "node:net";

/** Stands between a client and a server, so that the network between them can fail. */
export interface TcpProxy {
  readonly port: number;
  /** Breaks all connections and takes no more. */
  cut(): Promise<void>;
  restore(): Promise<void>;
  /** What is sent from now on arrives nowhere, and nobody is told. */
  swallow(): void;
  close(): Promise<void>;
}

/** Opens a proxy to a port of this machine. */
export async function openTcpProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const target = connect(targetPort, "127.0.0.1");
    for (const [from, to] of [
      [client, target],
      [target, client],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on("error", () => undefined);
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  const port = await listen(server, 0);
  const cut = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.resetAndDestroy();
    await closed;
  };
  const restore = async () => {
    await listen(server, port);
  };
  const swallow = () => {
    for (const socket of sockets) socket.unpipe().resume();
  };
  return { port, cut, restore, swallow, close: () => (server.listening ? cut() : Promise.resolve()) };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
}

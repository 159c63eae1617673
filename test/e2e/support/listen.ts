import type { Server as HttpServer } from "node:http";
import { connect, createServer, type Server } from "node:net";

/** Listens on loopback and gives the port that was taken; port 0 takes a free one. @throws where the port is taken. */
export function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

/** Stops a server at once: open connections are cut. */
export function close(server: HttpServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/**
 * A loopback port that is free, and that the system gives nobody else by chance as long as this process lives. A
 * connection that began there holds it: nobody answers, and who asks for it by its number may listen on it, again and
 * again.
 */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer((held) => {
      held.on("error", () => undefined).unref();
      server.close();
      resolve(held.localPort ?? 0);
    });
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (typeof address !== "object" || address === null)
        reject(new Error("Cannot find a free port: the system gave none"));
      else connect(address.port, "127.0.0.1").on("error", reject).unref();
    });
  });
}

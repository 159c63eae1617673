import type { Server } from "node:http";
import type { Socket } from "node:net";

/**
 * Keeps room for new connections: beyond the most there may be, the one goes that has been without a request for longest,
 * so that nobody who only holds connections open keeps others out. A connection that waits for an answer stays; where all
 * of them do, the new one goes.
 */
export function keepRoom(server: Server, mostConnections: number): void {
  /** Those without a request, the one that has been so for longest first. */
  const idle = new Set<Socket>();
  let open = 0;
  server.on("connection", (socket) => {
    open += 1;
    idle.add(socket);
    socket.once("close", () => {
      open -= 1;
      idle.delete(socket);
    });
    if (open > mostConnections) destroyFirst(idle);
  });
  // Ahead of what answers: an answer may be out before it returns.
  server.prependListener("request", ({ socket }, response) => {
    idle.delete(socket);
    response.once("close", () => {
      if (!socket.destroyed) idle.add(socket);
    });
  });
}

/** What was destroyed is open until it says so: the next that comes must not count on it again. */
function destroyFirst(sockets: Set<Socket>): void {
  for (const socket of sockets) {
    sockets.delete(socket);
    socket.destroy();
    return;
  }
}

import { connect, createServer, Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort, listen } from "../e2e/support/listen.ts";

/** Stands between a client and a server, so that the network between them can fail. */
export interface TcpProxy {
  readonly port: number;
  /** Breaks all connections and takes no more. */
  cut(): Promise<void>;
  /** Takes connections again, on the same port. */
  restore(): Promise<void>;
  /** What is sent from now on arrives nowhere, and nobody is told; new connections are taken, and get no answer. */
  swallow(): void;
  /** Everything arrives so late from now on, in milliseconds, and in order; 0 is at once. */
  delay(ms: number): void;
  /** From now on the first answer of the server on each connection is dropped, and the connection reset instead. */
  loseAnswers(): void;
  /** Works again: what was swallowed stays lost, connections that are open stay as they are. */
  heal(): void;
  /** Goes to another port of this machine from the next connection on. */
  retarget(port: number): void;
  close(): Promise<void>;
}

/** What the network does now. */
interface Weather {
  mode: "forward" | "swallow" | "lose answers";
  delayMs: number;
}

/** Opens a proxy to a port of this machine. */
export async function openTcpProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const weather: Weather = { mode: "forward", delayMs: 0 };
  let target = targetPort;
  const server = createServer((client) => {
    const upstream = weather.mode === "swallow" ? new Socket() : connect(target, "127.0.0.1");
    join(client, upstream, sockets);
    carry({ from: client, to: upstream, isAnswer: false }, weather);
    carry({ from: upstream, to: client, isAnswer: true }, weather);
  });
  const port = await freePort();
  await listen(server, port);
  const cut = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.resetAndDestroy();
    await closed;
  };
  return {
    port,
    cut,
    restore: async () => {
      await listen(server, port);
    },
    swallow: () => {
      weather.mode = "swallow";
    },
    delay: (ms) => {
      weather.delayMs = ms;
    },
    loseAnswers: () => {
      weather.mode = "lose answers";
    },
    heal: () => {
      weather.mode = "forward";
      weather.delayMs = 0;
    },
    retarget: (to) => {
      target = to;
    },
    close: () => (server.listening ? cut() : Promise.resolve()),
  };
}

/** The end of one is the end of both. */
function join(client: Socket, upstream: Socket, sockets: Set<Socket>): void {
  for (const [one, other] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    sockets.add(one);
    one.on("error", () => undefined);
    one.on("close", () => {
      sockets.delete(one);
      other.destroy();
    });
  }
}

interface Way {
  readonly from: Socket;
  readonly to: Socket;
  /** Of the server. */
  readonly isAnswer: boolean;
}

function carry({ from, to, isAnswer }: Way, weather: Weather): void {
  // What was swallowed would be missed by whoever gets the rest.
  let isSilent = weather.mode === "swallow";
  let earlier = Promise.resolve();
  from.on("data", (chunk) => {
    isSilent ||= weather.mode === "swallow";
    if (isSilent) return;
    if (isAnswer && weather.mode === "lose answers") {
      for (const socket of [from, to]) socket.resetAndDestroy();
      return;
    }
    const late = weather.delayMs === 0 ? null : sleep(weather.delayMs);
    earlier = earlier.then(() => late).then(() => void to.write(chunk));
  });
}

import { existsSync, linkSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, get, type RequestListener } from "node:http";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, describe, expect, it } from "vitest";
import { type Listening, listen } from "../../src/http/listen.ts";

const folder = mkdtempSync(join(tmpdir(), "signalbox-listen-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Longer than any stop of these tests takes, in milliseconds. */
const LATE_MS = 10_000;
/** A stop that waits for nobody takes far less, in milliseconds. */
const SOON_MS = 1_000;

const LOOPBACK = { host: "127.0.0.1", port: 0 };
const HEAD = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\n";

const echo: RequestListener = async (request, response) => {
  response.end(await text(request));
};

/** Resolves when the head of the `count`th request has come. */
function counted(count: number, listener: RequestListener) {
  let left = count;
  const { promise, resolve } = Promise.withResolvers<void>();
  const counting: RequestListener = (request, response) => {
    left -= 1;
    if (left === 0) resolve();
    listener(request, response);
  };
  return { listener: counting, arrived: promise };
}

function open(listening: Listening): Socket {
  return connect(Number(new URL(listening.url).port), "127.0.0.1");
}

/** Sends and waits for the next piece of an answer. */
async function say(socket: Socket, what: string): Promise<string> {
  const answer = new Promise<string>((resolve) => socket.once("data", (data) => resolve(String(data))));
  socket.write(what);
  return answer;
}

function ended(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once("close", () => resolve()).resume());
}

async function elapsedMs(work: Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work;
  return performance.now() - startedMs;
}

describe("close()", () => {
  it("answers a request of which half has come, and takes no new connection", async () => {
    const { listener, arrived } = counted(2, echo);
    const listening = await listen(listener, LOOPBACK);
    const half = open(listening);
    await say(half, `${HEAD}done`);
    half.write(`${HEAD}ha`);
    await arrived;
    const closed = listening.close(LATE_MS);
    const refused = open(listening);
    await new Promise((resolve) => refused.once("error", resolve));
    expect(await say(half, "lf")).toMatch(/200 OK.*half$/s);
    expect(await elapsedMs(closed)).toBeLessThan(SOON_MS);
  });

  it("lets a client that asks on and on go after its next answer", async () => {
    const { listener, arrived } = counted(2, echo);
    const listening = await listen(listener, LOOPBACK);
    const busy = open(listening);
    await say(busy, `${HEAD}done`);
    busy.write(`${HEAD}mo`);
    await arrived;
    const gone = ended(busy);
    const closed = listening.close(LATE_MS);
    const answer = await say(busy, `re${HEAD}last`);
    expect(answer).toContain("more");
    await gone;
    expect(await elapsedMs(closed)).toBeLessThan(SOON_MS);
  });

  it("lets an idle connection go at once", async () => {
    const listening = await listen(echo, LOOPBACK);
    const idle = open(listening);
    await say(idle, `${HEAD}done`);
    expect(await elapsedMs(listening.close(LATE_MS))).toBeLessThan(SOON_MS);
  });

  it("cuts what is not answered by the deadline", async () => {
    const { listener, arrived } = counted(1, () => undefined);
    const listening = await listen(listener, LOOPBACK);
    const silent = open(listening);
    silent.on("error", () => undefined).write(`${HEAD}hang`);
    await arrived;
    expect(await elapsedMs(listening.close(200))).toBeGreaterThan(150);
  });
});

describe("listen() on a Unix socket", () => {
  const fetchFrom = (socketPath: string) =>
    new Promise<number>((resolve, reject) => {
      get({ socketPath, path: "/" }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      }).once("error", reject);
    });

  it("answers there, for owner and group only, and removes it at the end", async () => {
    const socket = join(folder, "plain.sock");
    const listening = await listen(echo, { socket });
    expect(listening.url).toBe(`unix://${socket}`);
    expect(statSync(socket).mode & 0o777).toBe(0o660);
    expect(await fetchFrom(socket)).toBe(200);
    await listening.close(SOON_MS);
    expect(existsSync(socket)).toBe(false);
  });

  it("refuses a socket that another server uses, and leaves it alone", async () => {
    const socket = join(folder, "taken.sock");
    const first = await listen(echo, { socket });
    await expect(listen(echo, { socket })).rejects.toThrow(
      `Cannot listen: found another process on ${socket}, expected a socket that nobody uses`,
    );
    expect(await fetchFrom(socket)).toBe(200);
    await first.close(SOON_MS);
  });

  it("replaces a socket that a killed server left", async () => {
    const socket = join(folder, "left.sock");
    const killed = createServer();
    await new Promise<void>((resolve) => killed.listen({ path: `${socket}.old` }, resolve));
    linkSync(`${socket}.old`, socket);
    await new Promise((resolve) => killed.close(resolve));
    expect(statSync(socket).isSocket()).toBe(true);
    const listening = await listen(echo, { socket });
    expect(await fetchFrom(socket)).toBe(200);
    await listening.close(SOON_MS);
  });

  it("leaves a file that is no socket alone", async () => {
    const file = join(folder, "notes.txt");
    writeFileSync(file, "mine");
    await expect(listen(echo, { socket: file })).rejects.toThrow("EADDRINUSE");
    expect(existsSync(file)).toBe(true);
  });
});

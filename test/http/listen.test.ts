import { existsSync, linkSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, get, type RequestListener, request } from "node:http";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, describe, expect, it } from "vitest";
import { type Limits, type Listening, listen } from "../../src/http/listen.ts";
import { createTestApp } from "../support/sidecar-app.ts";

const folder = mkdtempSync(join(tmpdir(), "signalbox-listen-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Longer than any stop of these tests takes, in milliseconds. */
const LATE_MS = 10_000;
/** A stop that waits for nobody takes far less, also on a busy machine, in milliseconds. */
const SOON_MS = LATE_MS / 2;

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

/** All that a server says on a connection until it ends it. */
function untilEnd(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    socket.on("data", (data) => {
      said += String(data);
    });
    socket.once("error", reject).once("close", () => resolve(said));
  });
}

/** The status line and the error of an answer. */
function errorOf(answer: string): unknown {
  const [head, body] = answer.split("\r\n\r\n");
  expect(head).toMatch(/^X-Request-ID: \S+$/m);
  return { line: head?.split("\r\n")[0], type: JSON.parse(body ?? "").error.type };
}

describe("listen() with limits", () => {
  const short: Partial<Limits> = { headersTimeout: 60, requestTimeout: 120, connectionsCheckingInterval: 20 };

  async function sayTo(listener: RequestListener, what: string, limits: Partial<Limits>): Promise<string> {
    const listening = await listen(listener, LOOPBACK, limits);
    const socket = open(listening);
    const said = untilEnd(socket);
    if (what !== "") socket.write(what);
    const answer = await said;
    await listening.close(SOON_MS);
    return answer;
  }

  const TIMED_OUT = { line: "HTTP/1.1 408 Request Timeout", type: "request_timeout" };

  it.each([
    ["says nothing", ""],
    ["sends half of its headers", "POST / HTTP/1.1\r\nHost: local"],
    ["sends half of its body", `${HEAD}ha`],
  ])("answers a client that %s with 408", async (_title, what) => {
    expect(errorOf(await sayTo(() => undefined, what, short))).toEqual(TIMED_OUT);
  });

  it("answers half of a body with 408 in the API too", async () => {
    const { app, lines } = createTestApp();
    const head =
      "POST /v1/route HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99";
    expect(errorOf(await sayTo(app, `${head}\r\n\r\n{`, short))).toEqual(TIMED_OUT);
    expect(lines).toEqual([]);
  });

  it("lets go of a connection that asks nothing more", async () => {
    const said = await sayTo(echo, `${HEAD}done`, { keepAliveTimeout: 30 });
    expect(said).toMatch(/200 OK.*done$/s);
  });

  it.each([
    ["no HTTP", "hello\r\n\r\n", "400 Bad Request", "invalid_request"],
    [
      "two lengths",
      "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
      "400 Bad Request",
      "invalid_request",
    ],
    [
      "too many headers",
      `GET / HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(20_000)}\r\n\r\n`,
      "431 Request Header Fields Too Large",
      "headers_too_large",
    ],
  ])("answers %s as any other error", async (_title, what, line, type) => {
    expect(errorOf(await sayTo(echo, what, {}))).toEqual({ line: `HTTP/1.1 ${line}`, type });
  });

  it("closes the connection that has asked nothing for longest where there are too many", async () => {
    const listening = await listen(echo, LOOPBACK, { maxConnections: 2 });
    const [first, second] = [open(listening), open(listening)];
    await say(first, `${HEAD}one!`);
    await say(second, `${HEAD}two!`);
    expect(await say(first, `${HEAD}more`)).toContain("more");
    const gone = ended(second);
    const third = open(listening);
    expect(await say(third, `${HEAD}next`)).toContain("next");
    await gone;
    expect(await say(first, `${HEAD}here`)).toContain("here");
    await listening.close(SOON_MS);
  });

  it("closes the new connection where all others wait for an answer", async () => {
    const { listener, arrived } = counted(2, echo);
    const listening = await listen(listener, LOOPBACK, { maxConnections: 2 });
    const [first, second] = [open(listening), open(listening)];
    first.write(`${HEAD}ha`);
    second.write(`${HEAD}ha`);
    await arrived;
    expect(await untilEnd(open(listening))).toBe("");
    expect(await say(first, "lf")).toMatch(/half$/);
    expect(await say(second, "lf")).toMatch(/half$/);
    expect(await say(open(listening), `${HEAD}next`)).toContain("next");
    await listening.close(SOON_MS);
  });

  it("has room for who asks beside many that open connections and send nothing, or half a head", async () => {
    const listening = await listen(echo, LOOPBACK, { maxConnections: 20 });
    const silent = Array.from({ length: 60 }, () => open(listening).on("error", () => {}));
    for (const socket of silent) socket.write(socket === silent[0] ? "" : "POST / HT");
    for (let asked = 0; asked < 3; asked += 1) {
      expect(await say(open(listening), `${HEAD}next`)).toContain("next");
    }
    for (const socket of silent) socket.destroy();
    await listening.close(SOON_MS);
  });
});

describe("the API on a Unix socket", () => {
  it("answers a question without a secret, whatever its Host", async () => {
    const { app, records } = createTestApp();
    const socketPath = join(folder, "api.sock");
    const listening = await listen(app, { socket: socketPath });
    const body = JSON.stringify({ body: { model: "auto", messages: [{ role: "user", content: "hello" }] } });
    const answer = await new Promise<string>((resolve, reject) => {
      const headers = { Host: "sidecar", "Content-Type": "application/json", "Content-Length": body.length };
      const options = { socketPath, path: "/v1/route", method: "POST", headers };
      const sent = request(options, (response) => text(response).then(resolve, reject));
      sent.once("error", reject).end(body);
    });
    expect(JSON.parse(answer)).toMatchObject({ model: "small", method: "auto", decision_id: records[0]?.id });
    await listening.close(SOON_MS);
  });
});

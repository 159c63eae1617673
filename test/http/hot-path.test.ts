import {
  createServer,
  type IncomingHttpHeaders,
  type RequestListener,
  request,
  type Server,
} from "node:http";
import { type AddressInfo, connect } from "node:net";
import { buffer } from "node:stream/consumers";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Consult, Opinion } from "../../src/classify/opinion.ts";
import { createExpressApp } from "../../src/http/express-app.ts";
import { createHotPath } from "../../src/http/hot-path.ts";
import { createTestApp } from "../support/sidecar-app.ts";
import { until } from "../support/until.ts";

const SECRET = "callback-secret-0001";
const HELLO = JSON.stringify({ body: { model: "auto", messages: [{ role: "user", content: "héllo" }] } });
const JSON_TYPE = "application/json";

interface Question {
  readonly headers: Readonly<Record<string, string | number>>;
  /** Pieces that are written one by one. */
  readonly pieces: readonly (string | Buffer)[];
}

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

async function serve(listener: RequestListener): Promise<{ server: Server; port: number }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === "string") throw new Error("found no port");
  return { server, port: address.port };
}

function ask(port: number, { headers, pieces }: Question): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port, method: "POST", path: "/v1/route", headers };
    const sent = request(options, async (response) => {
      const body: unknown = JSON.parse(String(await buffer(response)));
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
    });
    sent.on("error", reject);
    for (const piece of pieces) sent.write(piece);
    sent.end();
  });
}

/** What is in buffers once garbage is collected. */
function bytesOfBuffers(): number {
  setFlagsFromString("--expose-gc");
  // Another thread lets go of what the first finds, which the second waits for.
  runInNewContext("gc(); gc()");
  return process.memoryUsage().arrayBuffers;
}

/** A reply without what differs from one call to the next. */
function comparable({ status, headers, body }: Reply): unknown {
  const { date, "x-response-time": tookMs, "x-request-id": id, "content-length": _, ...rest } = headers;
  const told = { hasDate: date !== undefined, hasTook: /^[\d.]+ms$/.test(String(tookMs)) };
  const idForm = String(id).replace(/^[0-9a-f-]{36}$/, "a UUID");
  return { status, headers: rest, ...told, idForm, body: { ...Object(body), decision_id: "" } };
}

function plain(body: string | Buffer, headers: Record<string, string> = {}): Question {
  const length = { "Content-Length": Buffer.byteLength(body) };
  return { headers: { "Content-Type": JSON_TYPE, ...length, ...headers }, pieces: [body] };
}

const large = JSON.stringify({ body: { model: "auto", messages: [], padding: "x".repeat(200_000) } });
const tooLarge = JSON.stringify({ body: { model: "a".repeat(300_000) } });
const chunked = { headers: { "Content-Type": JSON_TYPE, "Transfer-Encoding": "chunked" } };

const QUESTIONS: readonly [string, number, Question][] = [
  ["a plain call", 200, plain(HELLO)],
  ["a call of a client with its own id", 200, plain(HELLO, { "X-Request-ID": "mine-1" })],
  ["a call with an id that is no plain word", 200, plain(HELLO, { "X-Request-ID": "<b>" })],
  ["a charset", 200, plain(HELLO, { "Content-Type": "application/json; charset=UTF-8" })],
  ["a quoted charset", 200, plain(HELLO, { "Content-Type": 'application/json;charset="utf-8"' })],
  [
    "another Unicode charset",
    200,
    plain(Buffer.from(HELLO, "utf16le"), { "Content-Type": "application/json; charset=utf-16le" }),
  ],
  ["no Unicode charset", 415, plain(HELLO, { "Content-Type": "application/json; charset=latin1" })],
  ["an unknown charset", 415, plain(HELLO, { "Content-Type": "application/json; charset=utf-99" })],
  ["another type", 415, plain(HELLO, { "Content-Type": "text/plain" })],
  ["no type", 415, { headers: { "Content-Length": 2 }, pieces: ["{}"] }],
  ["a compressed body", 415, plain(gzipSync(HELLO), { "Content-Encoding": "gzip" })],
  ["a body that says that it is not encoded", 200, plain(HELLO, { "Content-Encoding": "identity" })],
  ["a body of unknown length", 200, { ...chunked, pieces: [HELLO] }],
  ["a body of unknown length that is too large", 413, { ...chunked, pieces: [tooLarge] }],
  ["a body that is too large", 413, plain(tooLarge)],
  ["a large body", 200, plain(large)],
  [
    "a body in pieces that cut a character in two",
    200,
    {
      ...plain(HELLO),
      pieces: [0, 1].map((half) => Buffer.from(HELLO).subarray(half * 66, half === 0 ? 66 : undefined)),
    },
  ],
  ["an empty body", 400, plain("")],
  ["a body of spaces", 400, plain("  ")],
  ["nothing but a byte order mark", 400, plain("\uFEFF")],
  ["a byte order mark", 200, plain(`\uFEFF${HELLO}`)],
  ["two byte order marks", 400, plain(`\uFEFF\uFEFF${HELLO}`)],
  ["half a JSON text", 400, plain(HELLO.slice(0, 30))],
  ["JSON that is no object", 400, plain("7")],
  ["an envelope without body", 400, plain('{"facts": {}}')],
  ["a newer version", 400, plain('{"api_version": 2, "body": {}}')],
  ["a key that names the prototype", 200, plain('{"__proto__": {"body": {}}, "body": {"model": "auto"}}')],
  ["a foreign Host", 403, plain(HELLO, { Host: "evil.example" })],
  ["a foreign Origin", 403, plain(HELLO, { Origin: "https://evil.example" })],
];

const GUARDED: readonly [string, number, Question][] = [
  ["the secret", 200, plain(HELLO, { Authorization: `Bearer ${SECRET}` })],
  ["no secret", 401, plain(HELLO)],
  ["a wrong secret", 401, plain(HELLO, { Authorization: "Bearer callback-secret-0002" })],
  ["no secret, and no JSON", 401, plain("{")],
  ["no secret, and another type", 401, plain(HELLO, { "Content-Type": "text/plain" })],
  ["no secret, and too large", 401, plain(tooLarge)],
];

describe.each([
  ["without secrets", undefined, QUESTIONS],
  ["with a secret", { callback: [SECRET], feedback: [], admin: [] }, GUARDED],
])("POST /v1/route %s", (_title, secrets, questions) => {
  const { app, parts } = createTestApp(secrets === undefined ? {} : { secrets, loopbackOnly: false });
  const servers: Server[] = [];
  const ports = { hot: 0, express: 0 };
  beforeAll(async () => {
    const [hot, express] = await Promise.all([serve(app), serve(createExpressApp(parts))]);
    servers.push(hot.server, express.server);
    Object.assign(ports, { hot: hot.port, express: express.port });
  });
  afterAll(() => {
    for (const server of servers) server.close();
  });

  it.each(questions)("answers %s with %i, as Express alone does", async (_what, status, question) => {
    const [hot, express] = [await ask(ports.hot, question), await ask(ports.express, question)];
    expect(hot.status).toBe(status);
    expect(comparable(hot)).toEqual(comparable(express));
  });

  it("answers any bytes as Express alone does", async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 12 }).map((some) => Buffer.from(some)),
      fc.json().map(Buffer.from),
    );
    const inString = bytes.map((some) =>
      Buffer.concat([Buffer.from('{"body":{"model":"'), some, Buffer.from('"}}')]),
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(bytes, inString), async (body) => {
        const [hot, express] = [await ask(ports.hot, plain(body)), await ask(ports.express, plain(body))];
        expect(comparable(hot)).toEqual(comparable(express));
      }),
      { numRuns: 150 },
    );
  });
});

describe("createHotPath()", () => {
  it("serves plain calls itself and leaves all others to the rest", async () => {
    const { parts } = createTestApp();
    const rested: string[] = [];
    const rest: RequestListener = ({ method, url }, response) => {
      rested.push(`${method} ${url}`);
      response.end("{}");
    };
    const { server, port } = await serve(createHotPath({ ...parts, rest }));
    expect((await ask(port, plain(HELLO))).status).toBe(200);
    expect((await ask(port, plain("{"))).status).toBe(400);
    expect(rested).toEqual([]);
    await fetch(`http://127.0.0.1:${port}/v1/route`);
    await fetch(`http://127.0.0.1:${port}/v1/route?a=1`, { method: "POST", body: HELLO });
    await fetch(`http://127.0.0.1:${port}/v1/simulate`, { method: "POST", body: HELLO });
    expect(rested).toEqual(["GET /v1/route", "POST /v1/route?a=1", "POST /v1/simulate"]);
    server.close();
  });

  it("answers the next client after one that went away with half of its body sent", async () => {
    const { app, records, lines } = createTestApp();
    const arrived = Promise.withResolvers<void>();
    const { server, port } = await serve((message, response) => {
      message.once("close", () => arrived.resolve());
      app(message, response);
    });
    const socket = connect(port, "127.0.0.1");
    const head = `POST /v1/route HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${JSON_TYPE}`;
    socket.write(`${head}\r\nContent-Length: 100\r\n\r\n${HELLO.slice(0, 20)}`);
    server.once("request", (message) => message.once("data", () => socket.destroy()));
    await arrived.promise;
    expect((await ask(port, plain(HELLO))).status).toBe(200);
    expect(records).toHaveLength(1);
    expect(lines).toEqual([]);
    server.close();
  });

  it("answers once an LLM that is asked has spoken, as Express alone does", async () => {
    const consult: Consult = async ({ fast }) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      const verdict = { ...fast, strategy: "llm", score: 83, confidence: null, signals: () => [] } as const;
      const words = "the model says complex";
      return { verdict, outcome: "decided", words, from: "model", tookMs: 5, costUsd: null };
    };
    const { app, parts, records } = createTestApp({ consult });
    const [hot, express] = [await serve(app), await serve(createExpressApp(parts))];
    const [first, second] = [await ask(hot.port, plain(HELLO)), await ask(express.port, plain(HELLO))];
    expect(first).toMatchObject({ status: 200, body: { strategy: "llm", score: 83, model: "large" } });
    expect(comparable(first)).toEqual(comparable(second));
    expect(records.map(({ decision }) => decision.strategy)).toEqual(["llm", "llm"]);
    hot.server.close();
    express.server.close();
  });

  it("holds no body while a later answer is waited for", async () => {
    const opinion = Promise.withResolvers<Opinion>();
    let waiting = 0;
    const consult: Consult = () => {
      waiting += 1;
      return opinion.promise;
    };
    const { app } = createTestApp({ consult });
    const { server, port } = await serve(app);
    const messages = [{ role: "user", content: "hello there ".repeat(20_000) }];
    const question = plain(Buffer.from(JSON.stringify({ body: { model: "auto", messages } })));
    await Promise.race([ask(port, question), until(() => waiting === 1)]);
    const before = bytesOfBuffers();
    const replies = Array.from({ length: 40 }, () => ask(port, question));
    await until(() => waiting === 41);
    expect(bytesOfBuffers() - before).toBeLessThan(2 * 2 ** 20);
    opinion.resolve({ verdict: null, outcome: "away", words: "", from: null, tookMs: 0, costUsd: null });
    expect((await Promise.all(replies)).map(({ status }) => status)).toEqual(replies.map(() => 200));
    server.close();
  });

  it("answers an error of a later answer with 500, and logs it", async () => {
    const { app, lines } = createTestApp({ consult: () => Promise.reject(new Error("no opinion")) });
    const { server, port } = await serve(app);
    expect((await ask(port, plain(HELLO))).status).toBe(500);
    expect(lines.join("")).toContain("no opinion");
    server.close();
  });

  it("answers an error of the program with 500, says nothing of it, and logs it", async () => {
    const { parts, lines } = createTestApp();
    const endpoints = parts.endpoints.map((endpoint) => {
      const hot = () => {
        throw new Error("the wire is cut");
      };
      return endpoint.hot === null ? endpoint : { ...endpoint, hot };
    });
    const rest: RequestListener = (_request, response) => response.end();
    const { server, port } = await serve(createHotPath({ ...parts, endpoints, rest }));
    const { status, body, headers } = await ask(port, plain(HELLO));
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain("wire");
    expect(lines.join("")).toContain("the wire is cut");
    expect(lines.join("")).toContain(String(headers["x-request-id"]));
    server.close();
  });
});

import { pino } from "pino";
import request from "supertest";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createAccessCheck } from "../../src/http/access.ts";
import { createApp } from "../../src/http/app.ts";
import {
  bodyEndpoint,
  type Endpoint,
  type EndpointHead,
  queryEndpoint,
  readEndpoint,
  textEndpoint,
} from "../../src/http/endpoint.ts";
import { openApi } from "../../src/http/openapi.ts";
import { noFields, queryFlag, queryInt } from "../../src/http/query.ts";

/** Handlers that wait at once, as app.ts limits them. */
const PLACES = 16;

const HEAD: EndpointHead = { method: "get", path: "/v1/things", scopes: ["open"], summary: "Things" };

const things = queryEndpoint(
  { ...HEAD, path: "/v1/things/{kind}" },
  {
    params: z.strictObject({ kind: z.enum(["big", "small"]).describe("Which of them") }),
    query: z.strictObject({
      limit: queryInt({ min: 1, max: 100 }).default(10).describe("How many at most"),
      newest: queryFlag().optional(),
      name: z.string().max(8),
    }),
    reply: z.object({ kind: z.string(), limit: z.int(), newest: z.boolean().nullable(), name: z.string() }),
    handle: async ({ params, query }) => ({ ...params, ...query, newest: query.newest ?? null }),
  },
);

function appOf(...endpoints: readonly Endpoint[]) {
  const lines: string[] = [];
  const logger = pino({}, { write: (line: string) => lines.push(line) });
  const secrets = { callback: [], feedback: [], admin: [] };
  const checkAccess = createAccessCheck({ secrets, loopbackOnly: true });
  return { app: createApp({ endpoints, checkAccess, logger }), lines };
}

describe("queryEndpoint()", () => {
  const { app } = appOf(things);

  it("reads parameters of the path and of the query, and what was left out as its default", async () => {
    const { body } = await request(app).get("/v1/things/big?newest=true&name=a%20b").expect(200);
    expect(body).toEqual({ kind: "big", limit: 10, newest: true, name: "a b" });
  });

  it.each([
    ["an unknown field", "big?name=a&colour=red", 'found "colour", expected limit, newest, name'],
    ["no number", "big?name=a&limit=ten", "limit: expected a whole number"],
    ["a number that is too large", "big?name=a&limit=101", "limit: Too big"],
    ["a field that is given twice", "big?name=a&name=b", "name: Invalid input"],
    ["a field that is missing", "big", "name: Invalid input"],
    ["an unknown value in the path", "huge?name=a", "kind: Invalid option"],
    ["a broken escape in the path", "%ZZ?name=a", "a broken % sequence"],
  ])("refuses %s and names it", async (_title, path, message) => {
    const { body } = await request(app).get(`/v1/things/${path}`).expect(400);
    expect(body.error.type).toBe("invalid_request");
    expect(body.error.message).toContain(message);
  });

  it("says what another method of a path with parameters is", async () => {
    const { body } = await request(app).put("/v1/things/big").expect(405);
    expect(body.error.message).toBe("Cannot answer: expected GET");
    await request(app).put("/v1/things/big/more").expect(404);
  });

  it("takes no query at all where it has no field", async () => {
    const handle = async () => ({});
    const spec = { params: noFields, query: noFields, reply: z.object({}), handle };
    const plain = appOf(queryEndpoint(HEAD, spec)).app;
    await request(plain).get("/v1/things").expect(200);
    const { body } = await request(plain).get("/v1/things?a=1").expect(400);
    expect(body.error.message).toContain("expected no query");
  });

  it("turns away what is more than can wait at once, and answers again when a place is free", async () => {
    const released = Promise.withResolvers<void>();
    const full = Promise.withResolvers<void>();
    let under = 0;
    const slow = queryEndpoint(HEAD, {
      ...{ params: noFields, query: noFields, reply: z.object({}) },
      handle: async () => {
        under += 1;
        if (under === PLACES) full.resolve();
        await released.promise;
        return {};
      },
    });
    const ok = readEndpoint(
      { ...HEAD, path: "/v1/quick" },
      { reply: z.object({ ok: z.boolean() }), handle: () => ({ ok: true }) },
    );
    const { app: limited } = appOf(slow, ok);
    const waiting = Array.from({ length: PLACES }, () =>
      request(limited)
        .get("/v1/things")
        .then(({ status }) => status),
    );
    await full.promise;
    const refused = await request(limited).get("/v1/things").expect(503);
    expect(refused.body.error.type).toBe("unavailable");
    expect(refused.headers["retry-after"]).toBe("1");
    await request(limited).get("/v1/quick").expect(200);
    released.resolve();
    expect(await Promise.all(waiting)).toEqual(Array.from({ length: PLACES }, () => 200));
    await request(limited).get("/v1/things").expect(200);
  });

  it("answers a read that fails later as an error, logs its cause, and gives its place back", async () => {
    const handle = async () => {
      throw new Error("the cable is out");
    };
    const spec = { params: noFields, query: noFields, reply: z.object({}), handle };
    const { app: failing, lines } = appOf(queryEndpoint(HEAD, spec));
    for (let round = 0; round <= PLACES; round += 1) {
      const { body } = await request(failing).get("/v1/things").expect(500);
      expect(JSON.stringify(body)).not.toContain("cable");
    }
    expect(lines.join("")).toContain("the cable is out");
  });
});

describe("bodyEndpoint()", () => {
  it("waits for a handler that answers later", async () => {
    const { app } = appOf(
      bodyEndpoint(
        { ...HEAD, method: "put", waits: true },
        {
          body: z.object({ a: z.int() }),
          reply: z.object({ b: z.int() }),
          handle: async ({ a }) => ({ b: a + 1 }),
        },
      ),
    );
    expect((await request(app).put("/v1/things").send({ a: 1 }).expect(200)).body).toEqual({ b: 2 });
    await request(app).put("/v1/things").send({ a: "1" }).expect(400);
  });
});

describe("textEndpoint()", () => {
  it("answers text of its own type", async () => {
    const contentType = "text/plain; version=0.0.4";
    const text = textEndpoint({ ...HEAD, contentType }, { reply: z.string(), handle: async () => "a 1\n" });
    const answer = await request(appOf(text).app).get("/v1/things").expect(200);
    expect(answer.text).toBe("a 1\n");
    expect(answer.headers["content-type"]).toBe(contentType);
    expect(openApi([text], "1")).toMatchObject({
      paths: {
        "/v1/things": { get: { responses: { 200: { content: { [contentType]: { schema: {} } } } } } },
      },
    });
  });
});

describe("openApi()", () => {
  it("describes the parameters of the path and of the query", () => {
    expect(openApi([things], "1")).toMatchObject({
      paths: {
        "/v1/things/{kind}": {
          get: {
            parameters: [
              { name: "kind", in: "path", required: true, description: "Which of them" },
              { name: "limit", in: "query", required: false, schema: { type: "integer", maximum: 100 } },
              { name: "newest", in: "query", required: false, schema: { type: "boolean" } },
              { name: "name", in: "query", required: true, schema: { type: "string", maxLength: 8 } },
            ],
          },
        },
      },
    });
  });
});

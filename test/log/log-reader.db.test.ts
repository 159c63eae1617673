import { connect, createServer, type Server } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createLogReader, LogUnavailable } from "../../src/log/log-reader.ts";
import { cloneDatabase, emptyDatabase, type TestDatabase } from "../support/database.ts";
import { insertDecision } from "./queries/log-rows.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await cloneDatabase();
});
afterAll(() => database.drop());

/** Hands everything on to the database, and keeps what the client said first, and all that it said. */
async function listenIn(): Promise<{ server: Server; url: string; first: () => string; all: () => string }> {
  const said: Buffer[] = [];
  const target = new URL(database.url);
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    client.on("data", (data) => said.push(data));
    client.pipe(upstream).pipe(client);
    client.on("error", () => upstream.destroy());
    upstream.on("error", () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const url = new URL(database.url);
  url.hostname = "127.0.0.1";
  url.port = typeof address === "object" && address !== null ? String(address.port) : "";
  const all = () => Buffer.concat(said).toString("latin1");
  return { server, url: url.href, first: () => said[0]?.toString("latin1") ?? "", all };
}

describe("createLogReader()", () => {
  test("bounds each question by itself, and begins no connection with a setting: poolers refuse that", async () => {
    const { server, url, first, all } = await listenIn();
    const reader = createLogReader(url);
    expect(await reader.list({ filter: {}, before: null, limit: 1 })).toEqual([]);
    await reader.close(0);
    server.close();
    expect(first()).toContain("signalbox read");
    expect(first()).not.toContain("timeout");
    expect(all()).toContain("SET LOCAL statement_timeout = 10000");
  });

  test("says that the database does not answer where its URL names a certificate that is not there", async () => {
    const reader = createLogReader(`${database.url}?sslmode=verify-full&sslrootcert=/nonexistent/ca.pem`);
    await expect(reader.list({ filter: {}, before: null, limit: 1 })).rejects.toBeInstanceOf(LogUnavailable);
    await reader.close(0);
  });

  test("reads times whatever form and zone the database writes them in", async () => {
    const at = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 59_500);
    const id = await insertDecision(database, at);
    await database.query(`ALTER DATABASE ${database.name} SET DateStyle = 'German'`);
    await database.query(`ALTER DATABASE ${database.name} SET TimeZone = 'Asia/Tokyo'`);
    const reader = createLogReader(database.url);
    const day = at.toISOString().slice(0, 10);
    expect(await reader.list({ filter: {}, before: null, limit: 1 })).toMatchObject([{ id, timestamp: at }]);
    expect((await reader.find(id))?.decision.timestamp).toMatch(`${at.toISOString().slice(0, 19)}.`);
    expect((await reader.stats({ since: day, until: day })).byDay).toMatchObject([{ value: day }]);
    await reader.close(0);
  });

  test("says of a database without the schema, or with an older one, what makes it", async () => {
    const [empty, older] = [await emptyDatabase(), await cloneDatabase()];
    await older.query("ALTER TABLE routing_logs DROP COLUMN category CASCADE");
    const [ofNone, ofOlder] = [createLogReader(empty.url), createLogReader(older.url)];
    const said =
      "Cannot read the log: its database lacks a table, column or function, expected the schema that `signalbox migrate` makes";
    const day = new Date().toISOString().slice(0, 10);
    await expect(ofNone.stats({ since: day, until: day })).rejects.toThrow(said);
    const list = { filter: { category: "code" }, before: null, limit: 1 };
    await expect(ofNone.list(list)).rejects.toThrow(said);
    await expect(ofOlder.list(list)).rejects.toThrow(said);
    await Promise.all([ofNone.close(0), ofOlder.close(0)]);
    await Promise.all([empty.drop(), older.drop()]);
  });
});

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { connect } from "../../../src/log/connection.ts";
import { EmbeddingFiller } from "../../../src/log/embedding/embedding-filler.ts";
import { createOllamaEmbedder } from "../../../src/log/embedding/ollama-embedder.ts";
import { cloneDatabase, type TestDatabase } from "../../support/database.ts";
import { openTestLog } from "../../support/test-log.ts";
import { until } from "../../support/until.ts";
import { makeRecord } from "../decision-record.ts";
import { type FakeOllama, startFakeOllama } from "./fake-ollama.ts";

let database: TestDatabase;
let ollama: FakeOllama;
let fillers: EmbeddingFiller[];
beforeEach(async () => {
  database = await cloneDatabase();
  ollama = await startFakeOllama();
  fillers = [];
});
afterEach(async () => {
  await Promise.all(fillers.map((filler) => filler.close()));
  ollama.close();
  await database.drop();
});

async function store(texts: readonly string[]): Promise<void> {
  const recorder = openTestLog({ databaseUrl: database.url });
  for (const text of texts) recorder.record(makeRecord({ text }));
  await recorder.close(20_000);
}

function open(apiBase = ollama.url): EmbeddingFiller {
  const filler = new EmbeddingFiller({
    connect: (signal) => connect(database.url, "test embeddings", { signal }),
    embed: createOllamaEmbedder({ apiBase, model: "tiny", timeoutMs: 500 }),
    model: "tiny",
    maxChars: 20,
    logger: { info: () => undefined, warn: () => undefined },
    idleMs: 20,
  });
  fillers.push(filler);
  return filler;
}

const stored = () =>
  database.query("SELECT user_text, embedding, embedding_model, embedding_dim FROM routing_logs ORDER BY id");

const float32 = (bytes: unknown) => {
  if (!Buffer.isBuffer(bytes)) return bytes;
  return Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readFloatLE(index * 4));
};

describe("EmbeddingFiller", () => {
  test("stores float32 bytes, model and dimension beside the row, of no more characters than wished for", async () => {
    await store(["short", "x".repeat(500), ""]);
    const filler = open();
    await until(() => filler.status().embedded === 2);
    const rows = await stored();
    expect(rows.map(({ embedding }) => float32(embedding))).toEqual([
      [5, Math.fround(0.1), Math.fround(-1e-30)],
      [20, Math.fround(0.1), Math.fround(-1e-30)],
      null,
    ]);
    expect(rows.map(({ embedding_model }) => embedding_model)).toEqual(["tiny", "tiny", null]);
    expect(rows.map(({ embedding_dim }) => embedding_dim)).toEqual([3, 3, null]);
  });

  test("takes rows that come later, in batches", async () => {
    const filler = open();
    await until(() => filler.status().lastError === null);
    await store(Array.from({ length: 40 }, (_, index) => `text ${index}`));
    await until(() => filler.status().embedded === 40);
    expect(Math.max(...ollama.asked.map((texts) => texts.length))).toBe(16);
    expect(ollama.asked.flat()).toHaveLength(40);
  });

  test.each(["refuse", "stumble"] as const)(
    "leaves a text out that the model refuses, once, and takes the others of its batch (%s)",
    async (behaviour) => {
      ollama.behave(behaviour);
      await store(["one", "please refuse me", "three"]);
      const filler = open();
      await until(() => filler.status().embedded === 2);
      expect(filler.status()).toEqual({ embedded: 2, refused: 1, lastError: null, isAway: false });
      expect((await stored()).map(({ embedding_dim }) => embedding_dim)).toEqual([3, 0, 3]);
    },
  );

  test.each([
    ["broken", "has terminated"],
    ["unfit", "does not support embeddings"],
    ["busy", "server busy"],
  ] as const)("gives no text up for a service that is %s", async (behaviour, words) => {
    ollama.behave(behaviour);
    await store(["one", "two"]);
    const filler = open();
    await until(() => filler.status().lastError?.includes(words) === true);
    expect(filler.status()).toMatchObject({ embedded: 0, refused: 0 });
    ollama.behave("embed");
    await until(() => filler.status().embedded === 2);
    expect(filler.status()).toEqual({ embedded: 2, refused: 0, lastError: null, isAway: false });
  });

  test("waits while the model is missing, silent or gone, says so, and makes up for it", async () => {
    await store(["one"]);
    ollama.behave("missing");
    const filler = open();
    await until(() => filler.status().lastError?.includes("not found") === true);
    ollama.behave("hang");
    await until(() => filler.status().lastError?.includes("timeout") === true);
    expect(filler.status()).toMatchObject({ embedded: 0, refused: 0 });
    ollama.behave("embed");
    await until(() => filler.status().embedded === 1);
    expect(filler.status().lastError).toBeNull();
  });

  test("says why nobody answers", async () => {
    await store(["one"]);
    const filler = open("http://127.0.0.1:9");
    await until(() => filler.status().lastError !== null);
    expect(filler.status().lastError).toMatch(/^fetch failed: .+/);
  });

  test("is done by one of several processes", async () => {
    await store(Array.from({ length: 30 }, (_, index) => `text ${index}`));
    const both = [open(), open()];
    await until(() => both.some((filler) => filler.status().embedded === 30));
    expect(ollama.asked.flat()).toHaveLength(30);
  });
});

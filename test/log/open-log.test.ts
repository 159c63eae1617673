import { existsSync } from "node:fs";
import { expect, it } from "vitest";
import { openTestLog, outboxRoot } from "../support/test-log.ts";
import { until } from "../support/until.ts";

it("openLog() opens nothing where the URL of embeddings is none: it would keep the process alive", () => {
  const folder = outboxRoot();
  const embedding = { apiBase: "http://localhost:114340", model: "tiny", maxChars: 10, timeoutMs: 100 };
  const databaseUrl = "postgres://nobody@127.0.0.1:1/nothing";
  expect(() => openTestLog({ databaseUrl, outboxRoot: folder, embedding })).toThrow("Invalid URL");
  expect(existsSync(folder)).toBe(false);
});

it("openLog() tells an outage of the database once, though nothing waits, and upkeep and embeddings fail too", async () => {
  const embedding = { apiBase: "http://127.0.0.1:1", model: "tiny", maxChars: 10, timeoutMs: 100 };
  const databaseUrl = "postgres://nobody@127.0.0.1:1/nothing";
  const log = openTestLog({ databaseUrl, outboxRoot: outboxRoot(), embedding });
  const errors = () => {
    const { lastError, maintenance, embeddings } = log.status();
    return [lastError, maintenance?.lastError, embeddings?.lastError];
  };
  await until(() => errors().every((error) => typeof error === "string"));
  expect(log.status().alarms).toEqual([`the database takes no rows: ${log.status().lastError}`]);
  await log.close(0);
});

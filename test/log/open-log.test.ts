import { existsSync } from "node:fs";
import { expect, it } from "vitest";
import { openTestLog, outboxRoot } from "../support/test-log.ts";

it("openLog() opens nothing where the URL of embeddings is none: it would keep the process alive", () => {
  const folder = outboxRoot();
  const embedding = { apiBase: "http://localhost:114340", model: "tiny", maxChars: 10, timeoutMs: 100 };
  const databaseUrl = "postgres://nobody@127.0.0.1:1/nothing";
  expect(() => openTestLog({ databaseUrl, outboxRoot: folder, embedding })).toThrow("Invalid URL");
  expect(existsSync(folder)).toBe(false);
});

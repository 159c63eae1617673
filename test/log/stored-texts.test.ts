import { describe, expect, it } from "vitest";
import { toRow } from "../../src/log/row.ts";
import { storedTexts } from "../../src/log/stored-texts.ts";
import { makeRecord } from "./decision-record.ts";

const TEXTS = [
  ["plain", "Why is the sky blue?"],
  ["with an address", "Write to jane@example.org about it"],
  ["longer than what is kept", "long ".repeat(3_000)],
  ["with what PostgreSQL does not know", "a\u0000b\ud800c"],
] as const;

describe("storedTexts()", () => {
  it.each(TEXTS)("has what a row of a text %s holds, redacted or full", (_title, text) => {
    for (const storeText of ["redacted", "full"] as const) {
      const { user_text } = toRow(makeRecord({ text }), { storeText, hashKey: Buffer.alloc(32, 1) });
      const stored = user_text?.toWellFormed().replaceAll("\0", "\ufffd");
      expect(storedTexts(text)).toContain(stored);
    }
  });

  it("has one form of a text in which nothing is redacted", () => {
    expect(storedTexts("Why?")).toEqual(["Why?"]);
  });
});

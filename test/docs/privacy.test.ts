import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { redact } from "../../src/log/redact.ts";
import { toRow } from "../../src/log/row.ts";
import { makeRecord } from "../log/decision-record.ts";

const text = readFileSync(join(import.meta.dirname, "..", "..", "docs", "privacy.md"), "utf8");

/** Cells of the rows of a table under a header, without the code marks of a cell that is code. */
function rowsUnder(header: string): string[][] {
  const [, after = ""] = text.split(`${header}\n`);
  const lines = after.split("\n").slice(1);
  const end = lines.findIndex((line) => !line.startsWith("|"));
  return lines.slice(0, end).map((line) => {
    return line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim().replace(/^`(.*)`$/, "$1"));
  });
}

describe("docs/privacy.md", () => {
  const masked = rowsUnder("| kind | example | as it is stored |");
  const kept = rowsUnder("| kind | example |");

  it("has its tables", () => {
    expect(masked.length).toBeGreaterThan(20);
    expect(kept.length).toBeGreaterThan(5);
  });

  it.each(masked)("shows how %s is masked", (_kind, example = "", stored = "") => {
    expect(redact(example).text).toBe(stored);
  });

  it.each(kept)("is right that %s stay", (_kind, example = "") => {
    expect(redact(example)).toEqual({ text: example, redactions: 0 });
  });

  it("names every column of routing_logs, and none that is not there", () => {
    const named = rowsUnder("| column | `none` | `redacted` | `full` |").flatMap(([cell = ""]) =>
      cell.split(",").map((name) => name.replace(/\(.*$/, "").replaceAll("`", "").trim()),
    );
    const written = Object.keys(toRow(makeRecord(), { storeText: "full", hashKey: Buffer.alloc(32) }));
    // Filled in by others than the row's maker.
    const later = ["embedding", "embedding_model", "embedding_dim"];
    expect(named.sort()).toEqual([...written, ...later].sort());
  });
});

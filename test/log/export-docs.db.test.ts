import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EXPORT_TABLES } from "../../src/log/export-query.ts";
import { findExportType } from "../../src/log/export-types.ts";
import { cloneDatabase, type TestDatabase } from "../support/database.ts";

const text = readFileSync(join(import.meta.dirname, "..", "..", "docs", "training-data.md"), "utf8");

interface Column {
  readonly name: string;
  readonly type: string;
  readonly isNeverNull: boolean;
}

let database: TestDatabase;
beforeAll(async () => {
  database = await cloneDatabase();
});
afterAll(() => database.drop());

/** Rows of the first table below a heading, cell by cell, without code marks around a cell. */
function tableBelow(heading: string): string[][] {
  const [, section = ""] = text.split(new RegExp(`^##+ ${heading}$`, "m"));
  const lines = section.split("\n");
  const start = lines.findIndex((line) => line.startsWith("|")) + 2;
  const end = lines.findIndex((line, index) => index >= start && !line.startsWith("|"));
  return lines.slice(start, end).map((line) => {
    return line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim().replace(/^`([^`]*)`$/, "$1"));
  });
}

const documented = (table: string): Column[] =>
  tableBelow(table).map(([name = "", type = "", nullWhen]) => {
    return { name, type, isNeverNull: nullWhen === "never" };
  });

async function actual(table: string): Promise<Column[]> {
  const rows = await database.query(
    `SELECT attname AS name, format_type(atttypid, atttypmod) AS type, attnotnull FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    [table],
  );
  return rows.map(({ name, type, attnotnull }) => {
    return { name: String(name), type: String(type), isNeverNull: attnotnull === true };
  });
}

const byName = (columns: readonly Column[]) => new Map(columns.map((column) => [column.name, column]));

describe("docs/training-data.md", () => {
  test.each(EXPORT_TABLES.filter((table) => table !== "routing_training"))(
    "names every column of %s with its type, says truly which are never null, and names no other",
    async (table) => {
      expect(byName(documented(table))).toEqual(byName(await actual(table)));
    },
  );

  test("says of which columns routing_training is made", async () => {
    const renamed = new Set(["litellm_call_id", "source"]);
    const outcomes = documented("routing_outcomes").filter(({ name }) => name !== "decision_id");
    const expected = [
      ...documented("routing_logs"),
      ...outcomes.map(({ name, type }) => ({ name: renamed.has(name) ? `outcome_${name}` : name, type })),
      ...documented("routing_training"),
    ];
    const types = (columns: readonly { name: string; type: string }[]) =>
      new Map(columns.map(({ name, type }) => [name, type]));
    expect(types(await actual("routing_training"))).toEqual(types(expected));
  });

  test("names the types that can be exported", async () => {
    const names = tableBelow("Types").map(([name = ""]) => name);
    for (const name of names) expect([name, findExportType(name)]).not.toEqual([name, null]);
    for (const table of EXPORT_TABLES) {
      for (const { type } of await actual(table)) expect(names).toContain(type);
    }
  });

  test("describes every column in words", () => {
    for (const table of EXPORT_TABLES) {
      for (const cells of tableBelow(table)) {
        expect(cells).toHaveLength(4);
        for (const cell of cells) expect(cell).not.toBe("");
      }
    }
  });
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const schema = readFileSync(join(import.meta.dirname, "../../sql/schema.sql"), "utf8");

/** Tables that grow with the traffic, with the column that is the id of their decision. */
const TABLES = [
  ["routing_logs", "id"],
  ["routing_outcomes", "decision_id"],
  ["routing_feedback", "decision_id"],
  ["routing_labels", "decision_id"],
] as const;

describe("sql/schema.sql", () => {
  test.each([
    ["an extension", /\bCREATE EXTENSION\b/i],
    ["a trigger", /\bCREATE (?:CONSTRAINT )?TRIGGER\b/i],
    ["a foreign key", /\b(?:FOREIGN KEY|REFERENCES)\b/i],
    ["a sequence", /\b(?:CREATE SEQUENCE|nextval|GENERATED (?:ALWAYS|BY DEFAULT) AS IDENTITY|SERIAL)\b/i],
    ["a notification", /\b(?:LISTEN|NOTIFY|pg_notify)\b/],
    ["a table that is not logged", /\bUNLOGGED\b/i],
  ])("needs no %s", (_name, pattern) => {
    expect(schema).not.toMatch(pattern);
  });

  test.each(TABLES)("has %s partitioned by %s, which its key begins with", (table, column) => {
    const start = schema.indexOf(`CREATE TABLE ${table} (`);
    expect(start).toBeGreaterThan(-1);
    const definition = schema.slice(start, schema.indexOf(";", start));
    expect(definition).toMatch(new RegExp(`PRIMARY KEY \\(${column}[,)]`));
    expect(definition).toContain(`PARTITION BY RANGE (${column})`);
  });
});

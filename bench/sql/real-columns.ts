import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "pg";
import { toRow } from "../../src/log/row.ts";
import { decide } from "../decisions.ts";
import { envelopeOf } from "../envelopes.ts";

/** Different ones: more than a program would remember that meets them again and again. */
const DECISIONS = 2_048;
const SHORTEST_CHARS = 40;
const LONGEST_CHARS = 4_000;
const REPOSITORY = join(import.meta.dirname, "..", "..");
const PRIVACY = { storeText: "redacted", hashKey: Buffer.alloc(32, 1), listed: () => true } as const;

/**
 * Makes the table `bench_real`: features and trace of real decisions, for rows that are made inside PostgreSQL. They are
 * about turns that are parts of this repository's prose and code, of 40 to 4,000 characters, each length as often as
 * its double.
 */
export async function createRealColumns(client: Client): Promise<void> {
  await client.query(
    "CREATE TABLE bench_real (real_one integer PRIMARY KEY, features real[], feature_version text, trace json)",
  );
  // Else each row would have to take them out of their compressed form.
  await client.query(
    "ALTER TABLE bench_real ALTER features SET STORAGE PLAIN, ALTER trace SET STORAGE EXTERNAL",
  );
  const rows = decide(bodies()).map((record, at) => ({ ...toRow(record, PRIVACY), real_one: at }));
  const text = "INSERT INTO bench_real SELECT * FROM json_populate_recordset(NULL::bench_real, $1)";
  await client.query(text, [JSON.stringify(rows)]);
}

function bodies(): string[] {
  const text = ["docs", "src/log", "src/decide"].map(textOf).join("\n");
  return Array.from({ length: DECISIONS }, (_, at) => {
    const share = at / (DECISIONS - 1);
    const chars = Math.round(SHORTEST_CHARS * (LONGEST_CHARS / SHORTEST_CHARS) ** share);
    const start = Math.floor(share * (text.length - LONGEST_CHARS));
    return JSON.stringify(envelopeOf([{ role: "user", content: text.slice(start, start + chars) }], at));
  });
}

function textOf(folder: string): string {
  const names = readdirSync(join(REPOSITORY, folder)).filter((name) => /\.(?:md|ts)$/.test(name));
  return names.map((name) => readFileSync(join(REPOSITORY, folder, name), "utf8")).join("\n");
}

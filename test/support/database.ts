import { Client } from "pg";
import { inject } from "vitest";
import { withDatabase } from "./database-url.ts";

/** A database of one test file. */
export interface TestDatabase {
  readonly url: string;
  readonly name: string;
  /** One statement on a connection of its own. */
  query(text: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  drop(): Promise<void>;
}

/** Makes a database with the schema and no rows: a copy of the template, some 50 ms. */
export function cloneDatabase(): Promise<TestDatabase> {
  return createDatabase(`TEMPLATE ${inject("templateDatabase")}`);
}

/** Makes a database with nothing in it. */
export function emptyDatabase(): Promise<TestDatabase> {
  return createDatabase("");
}

let count = 0;

async function createDatabase(clause: string): Promise<TestDatabase> {
  count += 1;
  const server = inject("postgresUrl");
  const name = `test_${process.pid}_${Date.now()}_${count}`;
  await runOn(server, `CREATE DATABASE ${name} ${clause}`);
  const url = withDatabase(server, name);
  return {
    url,
    name,
    query: (text, values) => runOn(url, text, values),
    drop: async () => {
      await runOn(server, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

async function runOn(url: string, text: string, values: readonly unknown[] = []) {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(text, [...values]);
    return rows;
  } finally {
    await client.end();
  }
}

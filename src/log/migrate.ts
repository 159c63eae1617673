import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ClientBase } from "pg";
import { connectForCommand } from "./connect-for-command.ts";

/** A numbered file of SQL. */
interface Migration {
  readonly id: number;
  readonly name: string;
  readonly file: string;
}

export interface MigrateOptions {
  /** Folder of the files; the project's own by default. */
  readonly dir?: string;
  /** Called with a sentence for each migration that is applied. */
  readonly onProgress?: (message: string) => void;
}

const OWN_DIR = join(import.meta.dirname, "..", "..", "sql");
const FILE_NAME = /^(\d{4})_[a-z0-9_]+\.sql$/;
/** Any number that nobody else uses: key of the advisory lock that lets one migrate while others wait. */
const LOCK_KEY = 7_246_110_353;
/** An index of a large log takes minutes to build: given up, it would be begun again and again. A day, in milliseconds. */
const FILE_TIMEOUT_MS = 24 * 3_600_000;

/**
 * Brings the schema of the database up to date. Forward only; each file runs in a transaction of its own,
 * with its id inserted first. Any number of processes may call it at once.
 *
 * @param database a connection, or a URL to connect to.
 * @returns names of the migrations that were applied.
 * @throws {Error} where the schema is newer than the program, a new database is not of UTF-8, or a migration fails.
 */
export async function migrate(
  database: ClientBase | string,
  options: MigrateOptions = {},
): Promise<readonly string[]> {
  if (typeof database !== "string") return migrateWith(database, options);
  const connection = await connectForCommand(database, "signalbox migrate");
  try {
    return await migrateWith(connection.client, options);
  } finally {
    await connection.close();
  }
}

/**
 * For commands that change rows: of tables that came later they would know nothing.
 *
 * @throws {Error} where the schema is newer than the program.
 */
export async function refuseNewerSchema(client: ClientBase): Promise<void> {
  refuseNewer(await newestApplied(client), listMigrations(OWN_DIR).length);
}

async function migrateWith(client: ClientBase, { dir = OWN_DIR, onProgress }: MigrateOptions) {
  const migrations = listMigrations(dir);
  const newest = migrations.at(-1)?.id ?? 0;
  const applied: string[] = [];
  let done = await newestApplied(client);
  refuseNewer(done, newest);
  if (done === 0) await refuseOtherEncoding(client);
  for (const migration of migrations.filter(({ id }) => id > done)) {
    const isOurs = await apply(client, migration);
    if (!isOurs) continue;
    applied.push(migration.name);
    onProgress?.(`applied ${migration.name}`);
  }
  done = await newestApplied(client);
  refuseNewer(done, newest);
  return applied;
}

function listMigrations(dir: string): Migration[] {
  const names = readdirSync(dir).filter((name) => FILE_NAME.test(name));
  const migrations = names.sort().map((name) => {
    return { id: Number.parseInt(name, 10), name, file: join(dir, name) };
  });
  const misnumbered = migrations.find(({ id }, index) => id !== index + 1);
  if (misnumbered === undefined) return migrations;
  const expected = migrations.indexOf(misnumbered) + 1;
  throw new Error(`Cannot read ${dir}: found ${misnumbered.name}, expected a file with number ${expected}`);
}

/** 0 where there is no table yet. Needs no right but to read, so a writer without more can start. */
async function newestApplied(client: ClientBase): Promise<number> {
  const table = await client.query<{ found: boolean }>(
    "SELECT to_regclass('signalbox_migrations') IS NOT NULL AS found",
  );
  if (table.rows[0]?.found !== true) return 0;
  const newest = await client.query<{ id: number }>(
    "SELECT coalesce(max(id), 0) AS id FROM signalbox_migrations",
  );
  return newest.rows[0]?.id ?? 0;
}

function refuseNewer(found: number, known: number): void {
  if (found <= known) return;
  throw new Error(
    `Cannot use this database: found schema version ${found}, expected at most ${known}. ` +
      "A newer Signalbox made it; run that version or a newer one.",
  );
}

/** Asked of a new database only: rows with letters that an encoding lacks would be refused one by one. */
async function refuseOtherEncoding(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ server_encoding: string }>("SHOW server_encoding");
  const encoding = rows[0]?.server_encoding ?? "none";
  if (encoding === "UTF8") return;
  throw new Error(
    `Cannot use this database: found the encoding ${encoding}, expected UTF8. ` +
      "CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0 makes one.",
  );
}

/** @returns false where another process was faster. */
async function apply(client: ClientBase, { id, name, file }: Migration): Promise<boolean> {
  await client.query("BEGIN");
  try {
    // Roles of managed databases have a limit, which a large log may not keep to.
    await client.query("SET LOCAL statement_timeout = 0");
    // Held until the transaction ends: whoever comes second waits, and then finds the id taken.
    await client.query("SELECT pg_advisory_xact_lock($1)", [LOCK_KEY]);
    await client.query(
      `CREATE TABLE IF NOT EXISTS signalbox_migrations (
         id integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`,
    );
    const inserted = await client.query(
      "INSERT INTO signalbox_migrations (id, name) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING",
      [id, name],
    );
    const isOurs = inserted.rowCount === 1;
    const statements = { text: readFileSync(file, "utf8"), query_timeout: FILE_TIMEOUT_MS };
    if (isOurs) await client.query(statements);
    await client.query("COMMIT");
    return isOurs;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    const cause = error instanceof Error ? error.message : String(error);
    throw new Error(`Cannot apply migration ${name}: ${cause}`, { cause: error });
  }
}

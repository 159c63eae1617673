import type { Client } from "pg";
import { copyIn } from "../../src/log/copy-in.ts";
import { type Batch, batchOf } from "../../src/log/outbox/batch.ts";
import { copyRows } from "../../src/log/outbox/copy-rows.ts";
import { ROW_COLUMNS } from "../../src/log/row-columns.ts";
import { createUuid7 } from "../../src/log/uuid7.ts";
import { type Spread, spreadOf } from "../figures.ts";
import type { Progress } from "../report.ts";

/** How fast rows are stored with a schema. */
export interface MeasuredInsert {
  readonly schema: string;
  /** Rows of one connection a second. */
  readonly rowsPerSecond: Spread;
  /** Of the table with its indexes. */
  readonly bytesPerRow: number;
  /** Of the indexes. */
  readonly indexBytesPerRow: number;
}

const ROUNDS = 3;
const BATCH = 200;
const STORED_UNCOMPRESSED = "WITH (toast_tuple_target = 4080)";

/** What a schema is made of ours by; `storage` replaces the storage parameters of the partition. */
interface Schema {
  readonly name: string;
  readonly changes?: readonly string[];
  readonly storage?: string;
}

const COLUMNS = Object.keys(ROW_COLUMNS);
const dropConversation = "DROP INDEX bench_logs_conversation_id_idx";
const dropUser = "DROP INDEX bench_logs_user_id_idx";
const plainKey = [
  "ALTER TABLE bench_logs DROP CONSTRAINT bench_logs_pkey",
  "ALTER TABLE bench_logs ADD PRIMARY KEY (id)",
];
const FILTERED = [
  "tier",
  "method",
  "strategy",
  "original_model",
  "resolved_model",
  "score",
  "key_hash",
  "team_id",
];

const SCHEMAS: readonly Schema[] = [
  { name: "as it is" },
  { name: "without the index of users", changes: [dropUser] },
  { name: "without the indexes of users and conversations", changes: [dropUser, dropConversation] },
  { name: "with the key alone, carrying nothing", changes: [dropUser, dropConversation, ...plainKey] },
  {
    name: "with an index for each filter instead",
    changes: [...plainKey, ...FILTERED.map((column) => `CREATE INDEX ON bench_logs (${column}, id)`)],
  },
  { name: "compressed from 2 KB on, PostgreSQL's default", storage: "" },
];

/** Stores the same rows with our schema and with others, one batch a transaction, in turns. */
export async function measureInserts(
  client: Client,
  { rows, progress }: { readonly rows: number; readonly progress: Progress },
): Promise<MeasuredInsert[]> {
  const batches = await makeBatches(client, Math.ceil(rows / BATCH));
  const taken = new Map<Schema, number[]>(SCHEMAS.map((schema) => [schema, []]));
  const sizes = new Map<Schema, { bytesPerRow: number; indexBytesPerRow: number }>();
  for (let round = 1; round <= ROUNDS; round += 1) {
    progress(`sql: inserts, round ${round} of ${ROUNDS}`);
    for (const schema of SCHEMAS) {
      await createTable(client, schema);
      taken.get(schema)?.push(await insertAll(client, batches));
      sizes.set(schema, await sizeOf(client));
      await client.query("DROP TABLE bench_logs");
    }
  }
  return SCHEMAS.map((schema) => ({
    schema: schema.name,
    rowsPerSecond: spreadOf(taken.get(schema) ?? []),
    ...(sizes.get(schema) ?? { bytesPerRow: Number.NaN, indexBytesPerRow: Number.NaN }),
  }));
}

/** Rows of the log as the outbox has them, with ids and names that are all different. */
async function makeBatches(client: Client, count: number): Promise<Batch[]> {
  const { rows } = await client.query<{
    row: Record<string, unknown>;
    timestamp: Date;
    features: string | null;
  }>(
    `SELECT row_to_json(l) AS row, timestamp, features::text FROM routing_logs l ORDER BY id DESC LIMIT ${BATCH}`,
  );
  const newId = createUuid7({ now: Date.now, random: Math.random });
  return Array.from({ length: count }, (_, batch) => {
    const lines = rows.map(({ row, timestamp, features }, at) => {
      const changes = {
        timestamp,
        features,
        id: newId(),
        conversation_id: `${batch}-${at}-${row.conversation_id}`,
      };
      const changed: Record<string, unknown> = { ...row, ...changes };
      const line = JSON.stringify(Object.fromEntries(COLUMNS.map((name) => [name, changed[name]])));
      return Buffer.from(`${line}\n`);
    });
    return batchOf(lines);
  });
}

async function createTable(client: Client, { changes = [], storage = STORED_UNCOMPRESSED }: Schema) {
  await client.query("DROP TABLE IF EXISTS bench_logs");
  await client.query("CREATE TABLE bench_logs (LIKE routing_logs INCLUDING ALL) PARTITION BY RANGE (id)");
  await client.query(`CREATE TABLE bench_logs_all PARTITION OF bench_logs
    FOR VALUES FROM ('00000000-0000-0000-0000-000000000000') TO (MAXVALUE) ${storage}`);
  for (const change of changes) await client.query(change);
  await client.query("CHECKPOINT");
}

/** @returns rows a second. */
async function insertAll(client: Client, batches: readonly Batch[]): Promise<number> {
  const { statement, parts } = copyRows("bench_logs", ROW_COLUMNS);
  const started = performance.now();
  for (const batch of batches) await copyIn(client, statement, parts(batch));
  return (batches.length * BATCH * 1_000) / (performance.now() - started);
}

async function sizeOf(client: Client) {
  const { rows } = await client.query<{ bytesPerRow: number; indexBytesPerRow: number }>(
    `SELECT pg_total_relation_size('bench_logs_all') / count(*)::float8 AS "bytesPerRow",
            pg_indexes_size('bench_logs_all') / count(*)::float8 AS "indexBytesPerRow" FROM bench_logs`,
  );
  return rows[0] ?? { bytesPerRow: Number.NaN, indexBytesPerRow: Number.NaN };
}

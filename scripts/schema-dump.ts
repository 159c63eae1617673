/**
 * `npm run schema:dump`: makes an empty database by the migrations and writes its schema to sql/schema.sql, for
 * people to read and for reviews to compare. A test holds the file to the migrations.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "../src/log/connection.ts";
import { startEmbeddedPostgres } from "../src/log/embedded-postgres.ts";
import { migrate } from "../src/log/migrate.ts";
import { describeSchema } from "./describe-schema.ts";

const FILE = join(import.meta.dirname, "..", "sql", "schema.sql");

const stateDir = mkdtempSync(join(tmpdir(), "signalbox-schema-"));
const postgres = await startEmbeddedPostgres({ stateDir });
try {
  await migrate(postgres.url);
  const connection = await connect(postgres.url, "signalbox schema dump");
  writeFileSync(FILE, await describeSchema(connection.client));
  await connection.close();
} finally {
  await postgres.stop();
  rmSync(stateDir, { recursive: true });
}
process.stdout.write(`wrote ${FILE}\n`);

import type { ClientBase } from "pg";
import { connectForCommand } from "./connect-for-command.ts";
import type { Connection } from "./connection.ts";
import { refuseNewerSchema } from "./migrate.ts";

/** A label on its way into routing_labels. */
export interface LabelRow {
  /** Where it stands in its file, by which it is reported. */
  readonly line: number;
  /** The decision that it is about; null where a text tells. */
  readonly decisionId: string | null;
  /** Forms in which the text may have been stored: a decision with any of them is meant. */
  readonly texts: readonly string[];
  readonly source: string;
  readonly value: number | null;
  readonly tier: string | null;
}

/** What became of an import. */
export interface LabelImport {
  /** Labels that were not there before. */
  readonly added: number;
  /** Labels that were there and said something else. */
  readonly changed: number;
  /** Labels that were there and said the same. */
  readonly same: number;
  /** Decisions that the labels are about. */
  readonly decisions: number;
  /** Lines about which no decision was found, in order. */
  readonly unmatched: readonly number[];
}

/** Rows that go to the database at once. */
const BATCH = 1_000;
/** To look through the texts of a large log, in milliseconds. */
const TIMEOUT_MS = 3_600_000;

/**
 * Writes labels into routing_labels, all or none. Of two labels of a file about the same decision and source, the
 * later counts; one that is there already is replaced. To import a file twice does no harm.
 *
 * @param onProgress called with the labels that were sent so far.
 */
export async function importLabels(
  databaseUrl: string,
  rows: AsyncIterable<LabelRow>,
  onProgress: (sent: number) => void,
): Promise<LabelImport> {
  const connection: Connection = await connectForCommand(databaseUrl, "signalbox label", {
    answerTimeoutMs: TIMEOUT_MS,
  });
  const { client } = connection;
  try {
    await refuseNewerSchema(client);
    await client.query("BEGIN");
    await client.query("SET LOCAL statement_timeout = 0");
    await client.query(STAGE);
    await send(client, rows, onProgress);
    const result = await store(client);
    await client.query("COMMIT");
    return result;
  } finally {
    await connection.close();
  }
}

const STAGE = `
  CREATE TEMPORARY TABLE label_lines (line integer, decision_id uuid, source text, value double precision, tier text)
    ON COMMIT DROP;
  CREATE TEMPORARY TABLE label_texts (line integer, user_text text) ON COMMIT DROP;
  CREATE TEMPORARY TABLE label_matches (line integer, decision_id uuid) ON COMMIT DROP`;

async function send(
  client: ClientBase,
  rows: AsyncIterable<LabelRow>,
  onProgress: (sent: number) => void,
): Promise<void> {
  let sent = 0;
  let batch: LabelRow[] = [];
  for await (const row of rows) {
    batch.push(row);
    if (batch.length < BATCH) continue;
    await sendBatch(client, batch);
    sent += batch.length;
    onProgress(sent);
    batch = [];
  }
  await sendBatch(client, batch);
}

async function sendBatch(client: ClientBase, batch: readonly LabelRow[]): Promise<void> {
  await client.query(
    `INSERT INTO label_lines
     SELECT * FROM unnest($1::integer[], $2::uuid[], $3::text[], $4::double precision[], $5::text[])`,
    [
      batch.map(({ line }) => line),
      batch.map(({ decisionId }) => decisionId),
      batch.map(({ source }) => source),
      batch.map(({ value }) => value),
      batch.map(({ tier }) => tier),
    ],
  );
  const texts = batch.flatMap(({ line, texts: forms }) => forms.map((text) => ({ line, text })));
  await client.query("INSERT INTO label_texts SELECT * FROM unnest($1::integer[], $2::text[])", [
    texts.map(({ line }) => line),
    texts.map(({ text }) => text),
  ]);
}

async function store(client: ClientBase): Promise<LabelImport> {
  await client.query("ANALYZE label_lines; ANALYZE label_texts");
  // By a join over all texts at once: there is no index of them, and the log is read one time.
  await client.query(
    `INSERT INTO label_matches
     SELECT b.line, l.id FROM label_lines b JOIN routing_logs l ON l.id = b.decision_id
     UNION SELECT t.line, l.id FROM label_texts t JOIN routing_logs l ON l.user_text = t.user_text`,
  );
  const written = await client.query<Counts>(WRITE);
  const unmatched = await client.query<{ line: number }>(
    "SELECT line FROM label_lines EXCEPT SELECT line FROM label_matches ORDER BY line",
  );
  const { added, changed, labels, decisions } = written.rows[0] ?? {
    added: 0,
    changed: 0,
    labels: 0,
    decisions: 0,
  };
  return {
    added,
    changed,
    same: labels - added - changed,
    decisions,
    unmatched: unmatched.rows.map(({ line }) => line),
  };
}

interface Counts {
  readonly added: number;
  readonly changed: number;
  readonly labels: number;
  readonly decisions: number;
}

/** All parts of a statement see the labels as they were before it. */
const WRITE = `
  WITH told AS (
    SELECT DISTINCT ON (m.decision_id, b.source) m.decision_id, b.source, b.tier, b.value
    FROM label_lines b JOIN label_matches m USING (line)
    ORDER BY m.decision_id, b.source, b.line DESC
  ), compared AS (
    SELECT t.*, r.decision_id IS NULL AS is_new,
      (r.tier, r.value) IS DISTINCT FROM (t.tier, t.value) AS is_other
    FROM told t LEFT JOIN routing_labels r ON r.decision_id = t.decision_id AND r.source = t.source
  ), written AS (
    INSERT INTO routing_labels (decision_id, source, tier, value, created_at)
    SELECT decision_id, source, tier, value, now() FROM compared WHERE is_new OR is_other
    ON CONFLICT (decision_id, source) DO UPDATE
      SET tier = excluded.tier, value = excluded.value, created_at = excluded.created_at
  )
  SELECT count(*) FILTER (WHERE is_new)::integer AS added,
    count(*) FILTER (WHERE NOT is_new AND is_other)::integer AS changed,
    count(*)::integer AS labels, count(DISTINCT decision_id)::integer AS decisions
  FROM compared`;

import type { ClientBase } from "pg";
import type { SubjectMatch } from "./subject.ts";

/** Rows of each table. */
export interface RowCounts {
  readonly routing_logs: number;
  readonly routing_outcomes: number;
  readonly routing_feedback: number;
  readonly routing_labels: number;
}

/** Decisions that one statement looks for or deletes. */
const CHUNK = 5_000;
const LOWEST = "00000000-0000-0000-0000-000000000000";
const HIGHEST = "ffffffff-ffff-ffff-ffff-ffffffffffff";

/** @throws {Error} where the database has not all of the tables. */
export async function requireTables(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ found: boolean }>(
    "SELECT to_regclass('routing_labels') IS NOT NULL AS found",
  );
  if (rows[0]?.found === true) return;
  throw new Error(
    "Cannot erase: the database has no table routing_labels, expected the schema that `signalbox migrate` makes",
  );
}

/**
 * Takes a lock that ends with the connection: two that rewrite the same file would undo each other's work.
 *
 * @throws {Error} where somebody else has it.
 */
export async function lockErasing(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ locked: boolean }>(
    "SELECT pg_try_advisory_lock(hashtextextended('signalbox erase', 0)) AS locked",
  );
  if (rows[0]?.locked === true) return;
  throw new Error("Cannot erase: found another erasure under way on this database, expected none");
}

/** Counts the subject's decisions. */
export async function countStored(client: ClientBase, match: SubjectMatch): Promise<number> {
  let count = 0;
  for await (const ids of storedIds(client, match)) count += ids.length;
  return count;
}

/** Gives the ids of the subject's decisions, some thousands at a time, the oldest first. */
export async function* storedIds(client: ClientBase, match: SubjectMatch): AsyncGenerator<readonly string[]> {
  for (const [lower, upper] of await dayRanges(client)) {
    let after = lower;
    for (let isMore = true; isMore; ) {
      const ids = await findIds(client, match, { lower: after, upper });
      if (ids.length > 0) yield ids;
      isMore = ids.length === CHUNK;
      after = ids.at(-1) ?? upper;
    }
  }
}

/** Neither bound is in the range: no UUIDv7 is the bound of a day. */
interface IdRange {
  readonly lower: string;
  readonly upper: string;
}

/** One scan of one day takes seconds at most; one of the whole log could take longer than a statement may. */
async function dayRanges(client: ClientBase): Promise<[string, string][]> {
  const { rows } = await client.query<{ bound: string }>(
    `SELECT routing_day_bound(day)::text AS bound FROM routing_partitions('routing_logs')
     UNION SELECT routing_day_bound(day + 1)::text FROM routing_partitions('routing_logs') ORDER BY bound`,
  );
  const bounds = [LOWEST, ...rows.map(({ bound }) => bound), HIGHEST];
  return bounds.slice(1).map((upper, index) => [bounds[index] ?? LOWEST, upper]);
}

async function findIds(
  client: ClientBase,
  match: SubjectMatch,
  { lower, upper }: IdRange,
): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `SELECT id FROM routing_logs
     WHERE id > $1 AND id < $2 AND ($3::timestamptz IS NULL OR id < routing_id_at($3)) AND ${theirs(match, "$4")}
     ORDER BY id LIMIT ${CHUNK}`,
    [lower, upper, match.before, match.values],
  );
  return rows.map(({ id }) => id);
}

/** Which of some decisions are stored and the subject's. */
export async function storedOf(
  client: ClientBase,
  match: SubjectMatch,
  ids: readonly string[],
): Promise<string[]> {
  const found: string[] = [];
  for (let at = 0; at < ids.length; at += CHUNK) {
    const { rows } = await client.query<{ id: string }>(
      `SELECT id FROM routing_logs
       WHERE id = ANY($1::uuid[]) AND ($2::timestamptz IS NULL OR id < routing_id_at($2)) AND ${theirs(match, "$3")}`,
      [ids.slice(at, at + CHUNK), match.before, match.values],
    );
    found.push(...rows.map(({ id }) => id));
  }
  return found;
}

/** The columns are names of ours, never what somebody typed. */
function theirs({ columns }: SubjectMatch, values: string): string {
  return `(${columns.map((column) => `${column} = ANY(${values}::text[])`).join(" OR ")})`;
}

/** Deletes decisions and all that is about them; those of one chunk go together or not at all. */
export async function deleteDecisions(client: ClientBase, ids: readonly string[]): Promise<RowCounts> {
  let sum: RowCounts = { routing_logs: 0, routing_outcomes: 0, routing_feedback: 0, routing_labels: 0 };
  for (let at = 0; at < ids.length; at += CHUNK) {
    sum = addCounts(sum, await deleteChunk(client, ids.slice(at, at + CHUNK)));
  }
  return sum;
}

async function deleteChunk(client: ClientBase, ids: readonly string[]): Promise<RowCounts> {
  const { rows } = await client.query<RowCounts>(
    `WITH logs AS (DELETE FROM routing_logs WHERE id = ANY($1::uuid[]) RETURNING 1),
       outcomes AS (DELETE FROM routing_outcomes WHERE decision_id = ANY($1::uuid[]) RETURNING 1),
       feedback AS (DELETE FROM routing_feedback WHERE decision_id = ANY($1::uuid[]) RETURNING 1),
       labels AS (DELETE FROM routing_labels WHERE decision_id = ANY($1::uuid[]) RETURNING 1)
     SELECT (SELECT count(*)::integer FROM logs) AS routing_logs,
       (SELECT count(*)::integer FROM outcomes) AS routing_outcomes,
       (SELECT count(*)::integer FROM feedback) AS routing_feedback,
       (SELECT count(*)::integer FROM labels) AS routing_labels`,
    [ids],
  );
  const [counts] = rows;
  if (counts === undefined) throw new Error("Cannot erase: found no answer of the database, expected counts");
  return counts;
}

/** Adds rows table by table. */
export function addCounts(a: RowCounts, b: RowCounts): RowCounts {
  return {
    routing_logs: a.routing_logs + b.routing_logs,
    routing_outcomes: a.routing_outcomes + b.routing_outcomes,
    routing_feedback: a.routing_feedback + b.routing_feedback,
    routing_labels: a.routing_labels + b.routing_labels,
  };
}

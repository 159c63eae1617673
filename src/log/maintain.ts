import type { ClientBase } from "pg";

/** What the partitions are to be like. */
export interface MaintainOptions {
  /** Days after today that must have their partition, 0 to 366. */
  readonly aheadDays: number;
  /** Days before today that are kept, at least 1; older partitions are dropped. */
  readonly retentionDays: number;
  /** When the oldest decision was made that waits to be stored; null where none does. */
  readonly oldestWaiting: Date | null;
}

/** What was done, and what is so now. Names of partitions are those of all tables. */
export interface MaintainReport {
  readonly made: readonly string[];
  readonly dropped: readonly string[];
  /** Rows that went from a default partition into that of their day. */
  readonly movedRows: number;
  /** Decisions that were older than all that is kept when they came, and were removed. Late feedback is no news. */
  readonly expiredDecisions: number;
  /** Rows in the default partitions: of ids whose time is no time of ours. */
  readonly defaultRows: number;
  /** Days after today for which every table has its partition. */
  readonly partitionsAhead: number;
  /** What somebody's long read was in the way of: `routing_logs drop` for one. The next run tries again. */
  readonly blocked: readonly string[];
}

interface TableReport {
  readonly busy: boolean;
  readonly made: readonly string[];
  readonly dropped: readonly string[];
  readonly moved: number;
  readonly expired_rows: number;
  readonly default_rows: number;
  readonly days_ahead: number;
  readonly blocked: readonly string[];
  readonly more: boolean;
}

const TABLES = ["routing_logs", "routing_outcomes", "routing_feedback", "routing_labels"] as const;

/**
 * Makes and drops partitions until all tables are as wished for. Each call of the database is a short
 * transaction that waits for no lock longer than a fifth of a second. Needs the right to execute
 * `routing_maintain`, and none to a table.
 *
 * @returns null where another process is at it.
 */
export async function maintain(client: ClientBase, options: MaintainOptions): Promise<MaintainReport | null> {
  const reports: MaintainReport[] = [];
  for (const table of TABLES) {
    const report = await maintainTable(client, table, options);
    if (report === null) return null;
    reports.push(report);
  }
  return {
    made: reports.flatMap(({ made }) => made),
    dropped: reports.flatMap(({ dropped }) => dropped),
    movedRows: sum(reports.map(({ movedRows }) => movedRows)),
    expiredDecisions: sum(reports.map(({ expiredDecisions }) => expiredDecisions)),
    defaultRows: sum(reports.map(({ defaultRows }) => defaultRows)),
    partitionsAhead: Math.min(...reports.map(({ partitionsAhead }) => partitionsAhead)),
    blocked: reports.flatMap(({ blocked }) => blocked),
  };
}

async function maintainTable(
  client: ClientBase,
  table: string,
  options: MaintainOptions,
): Promise<MaintainReport | null> {
  const calls: TableReport[] = [];
  for (;;) {
    const call = await callOnce(client, table, options);
    if (call.busy) return null;
    calls.push(call);
    if (!call.more) return summarize(table, calls, call);
  }
}

async function callOnce(client: ClientBase, table: string, options: MaintainOptions): Promise<TableReport> {
  const { aheadDays, retentionDays, oldestWaiting } = options;
  const { rows } = await client.query<TableReport>(
    `SELECT busy, made, dropped, moved::double precision AS moved, days_ahead, blocked, more,
            expired_rows::double precision AS expired_rows, default_rows::double precision AS default_rows
     FROM routing_maintain($1, $2, $3, $4)`,
    [table, aheadDays, retentionDays, oldestWaiting],
  );
  const [call] = rows;
  if (call === undefined) throw new Error(`Cannot maintain ${table}: found no report, expected one`);
  return call;
}

function summarize(table: string, calls: readonly TableReport[], last: TableReport): MaintainReport {
  return {
    made: calls.flatMap(({ made }) => made),
    dropped: calls.flatMap(({ dropped }) => dropped),
    movedRows: sum(calls.map(({ moved }) => moved)),
    expiredDecisions: table === "routing_logs" ? sum(calls.map(({ expired_rows }) => expired_rows)) : 0,
    defaultRows: last.default_rows,
    partitionsAhead: last.days_ahead,
    blocked: last.blocked.map((step) => `${table} ${step}`),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

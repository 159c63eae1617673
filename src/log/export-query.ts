import type { ClientBase } from "pg";
import { type ExportType, findExportType } from "./export-types.ts";

/** What can be exported: the view of one row a decision, and the tables it is made of. */
export const EXPORT_TABLES = [
  "routing_training",
  "routing_logs",
  "routing_outcomes",
  "routing_feedback",
  "routing_labels",
] as const;

export type ExportTable = (typeof EXPORT_TABLES)[number];

/** Which rows: each that is given must fit, null fits all. */
export interface ExportFilter {
  readonly table: ExportTable;
  /** Decisions from this time on, by the time in their id. Not before 1970. */
  readonly since: Date | null;
  /** Decisions before this time. */
  readonly until: Date | null;
  /** Tier of the decision. */
  readonly tier: string | null;
  /** Method of the decision. */
  readonly method: string | null;
  /** False leaves out the columns that hold what people wrote. */
  readonly withText: boolean;
  /** The newest decision first, where a reader may have enough before the end; else the oldest is first. */
  readonly newestFirst?: boolean;
}

/** A column of the export. */
export interface ExportColumn {
  readonly name: string;
  readonly type: ExportType;
}

/** Columns with texts of people, with words from them, as the trace, or of which a text can be made again in part. */
const TEXT_COLUMNS: ReadonlySet<string> = new Set([
  "user_text",
  "system_prompt",
  "trace",
  "comment",
  "note",
  "embedding",
]);

/**
 * Reads from the database's catalogue which columns there are, in their order.
 *
 * @throws {Error} where there is no such table, or a column's type has no form in a file.
 */
export async function readColumns(client: ClientBase, filter: ExportFilter): Promise<ExportColumn[]> {
  const { rows } = await client.query<{ name: string; type: string }>(
    `SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
     WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    [filter.table],
  );
  if (rows.length === 0) {
    throw new Error(
      `Cannot export ${filter.table}: the database has no such table, expected the schema that \`signalbox migrate\` makes`,
    );
  }
  return rows
    .filter(({ name }) => filter.withText || !TEXT_COLUMNS.has(name))
    .map(({ name, type }) => ({ name, type: typeOf(filter.table, name, type) }));
}

function typeOf(table: ExportTable, name: string, type: string): ExportType {
  const found = findExportType(type);
  if (found !== null) return found;
  throw new Error(`Cannot export ${table}.${name}: found the type ${type}, expected one that files can hold`);
}

/** A statement with its parameters. */
export interface Statement {
  readonly text: string;
  readonly values: unknown[];
}

/**
 * The query of an export, by rising or falling id. Times bound the id, which is what the tables are partitioned by, so
 * only the partitions of those days are read.
 */
export function exportQuery(columns: readonly ExportColumn[], filter: ExportFilter): Statement {
  const key = keyOf(filter.table);
  const values: unknown[] = [];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  const range = (column: string): string[] => [
    ...(filter.since === null ? [] : [`${column} >= routing_id_at(${parameter(filter.since)})`]),
    ...(filter.until === null ? [] : [`${column} < routing_id_at(${parameter(filter.until)})`]),
  ];
  const conditions = [...range(`t.${key}`), ...decisionConditions(filter, { parameter, range })];
  const said = filter.table === "routing_training" ? saidOf : null;
  const list = columns.map(({ name, type }) => type.sql(said?.columns.get(name) ?? `t.${quoteName(name)}`));
  const order = filter.newestFirst === true ? " DESC" : "";
  const joined = said === null ? "" : said.join(range("decision_id"), order);
  const text = `SELECT ${list.join(", ")} FROM ${filter.table} t${joined}${whereOf(conditions)} ORDER BY t.${key}${order}`;
  return { text, values };
}

/**
 * The columns of routing_training that tell what people said, as joins. The view looks each of them up for each row in
 * every partition that there is, which takes a quarter of an export; here the tables are read once, along with the
 * decisions.
 */
const saidOf = {
  columns: new Map([
    ["feedback_up", "coalesce(f.up, 0)"],
    ["feedback_down", "coalesce(f.down, 0)"],
    ["expected_tier", "coalesce(f.tier, b.tier)"],
    ["labels", "coalesce(b.labels, '{}')"],
  ]),
  /** @param order of the decisions: in any other one all would be sorted before the first row. */
  join: (conditions: readonly string[], order: string) => ` LEFT JOIN (
  SELECT decision_id, (count(*) FILTER (WHERE rating = 'up'))::integer AS up,
    (count(*) FILTER (WHERE rating = 'down'))::integer AS down,
    (array_agg(expected_tier ORDER BY created_at DESC, id DESC) FILTER (WHERE expected_tier IS NOT NULL))[1] AS tier
  FROM routing_feedback${whereOf(conditions)} GROUP BY decision_id ORDER BY decision_id${order}
) f ON f.decision_id = t.id LEFT JOIN (
  SELECT decision_id, jsonb_object_agg(source, value) AS labels,
    (array_agg(tier ORDER BY created_at DESC, source)
      FILTER (WHERE (source = 'label' OR source LIKE 'label:%') AND tier IS NOT NULL))[1] AS tier
  FROM routing_labels${whereOf(conditions)} GROUP BY decision_id ORDER BY decision_id${order}
) b ON b.decision_id = t.id`,
};

function whereOf(conditions: readonly string[]): string {
  return conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`;
}

function keyOf(table: ExportTable): "id" | "decision_id" {
  return table === "routing_training" || table === "routing_logs" ? "id" : "decision_id";
}

interface Parts {
  readonly parameter: (value: unknown) => string;
  readonly range: (column: string) => string[];
}

/** Tier and method are those of the decision, also where the table has columns of these names itself. */
function decisionConditions({ table, tier, method }: ExportFilter, { parameter, range }: Parts): string[] {
  const of = (row: string): string[] => [
    ...(tier === null ? [] : [`${row}.tier = ${parameter(tier)}`]),
    ...(method === null ? [] : [`${row}.method = ${parameter(method)}`]),
  ];
  if (tier === null && method === null) return [];
  if (keyOf(table) === "id") return of("t");
  const conditions = ["d.id = t.decision_id", ...range("d.id"), ...of("d")];
  return [`EXISTS (SELECT FROM routing_logs d WHERE ${conditions.join(" AND ")})`];
}

function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

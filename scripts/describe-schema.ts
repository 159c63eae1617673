import type { ClientBase } from "pg";

const PREFACE = `-- The schema as the migrations make it. Written by \`npm run schema:dump\`, compared by the tests; nothing runs it.
-- Partitions by day are not in it: routing_maintain() makes them.
`;

/** Definitions in the order in which a reader wants them; each query gives rows of one text. */
const PARTS = [
  // Tables with columns and constraints, then their indexes and comments.
  `WITH tables AS (
     SELECT c.oid, c.relname, c.relkind, c.relpartbound FROM pg_class c
     WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
       AND c.relname !~ '_\\d{8}$'
   ), columns AS (
     SELECT a.attrelid AS oid, string_agg(
       format('  %I %s', a.attname, format_type(a.atttypid, a.atttypmod))
         || CASE WHEN a.attstorage = 'm' AND t.typstorage <> 'm' THEN ' STORAGE MAIN' ELSE '' END
         || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
         || coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), ''), E',\\n' ORDER BY a.attnum) AS text
     FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
       LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
     WHERE a.attnum > 0 AND NOT a.attisdropped GROUP BY a.attrelid
   ), constraints AS (
     SELECT conrelid AS oid, string_agg(
       format(E',\\n  CONSTRAINT %I %s', conname, pg_get_constraintdef(oid)), '' ORDER BY contype DESC, conname) AS text
     FROM pg_constraint WHERE contype <> 'n' GROUP BY conrelid
   ), indexes AS (
     SELECT i.indrelid AS oid, string_agg(pg_get_indexdef(i.indexrelid) || ';', E'\\n' ORDER BY c.relname) AS text
     FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
     WHERE NOT i.indisprimary GROUP BY i.indrelid
   )
   SELECT CASE
     WHEN t.relpartbound IS NOT NULL THEN format('CREATE TABLE %I PARTITION OF %s %s;', t.relname,
       (SELECT inhparent::regclass FROM pg_inherits WHERE inhrelid = t.oid), pg_get_expr(t.relpartbound, t.oid))
     ELSE concat_ws(E'\\n', format(E'CREATE TABLE %I (\\n%s%s\\n)', t.relname, columns.text, constraints.text)
       || CASE WHEN t.relkind = 'p' THEN ' PARTITION BY ' || pg_get_partkeydef(t.oid) ELSE '' END || ';',
       indexes.text) END AS text
   FROM tables t JOIN columns USING (oid) LEFT JOIN constraints USING (oid) LEFT JOIN indexes USING (oid)
   ORDER BY t.relname`,
  `SELECT format(E'CREATE VIEW %I AS\\n%s', c.relname, pg_get_viewdef(c.oid)) AS text FROM pg_class c
   WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'v' ORDER BY c.relname`,
  `SELECT rtrim(pg_get_functiondef(p.oid), E'\\n') || ';'
     || CASE WHEN has_function_privilege('public', p.oid, 'EXECUTE') THEN ''
        ELSE format(E'\\nREVOKE EXECUTE ON FUNCTION %s FROM PUBLIC;', p.oid::regprocedure) END AS text
   FROM pg_proc p WHERE p.pronamespace = current_schema()::regnamespace ORDER BY p.oid`,
  `SELECT string_agg(format('COMMENT ON %s IS %L;', d.what, d.description), E'\\n' ORDER BY d.relname, d.objsubid) AS text
   FROM (
     SELECT c.relname, d.objsubid, d.description, CASE
       WHEN a.attname IS NOT NULL THEN format('COLUMN %I.%I', c.relname, a.attname)
       WHEN c.relkind = 'v' THEN format('VIEW %I', c.relname) ELSE format('TABLE %I', c.relname) END AS what
     FROM pg_description d JOIN pg_class c ON c.oid = d.objoid AND d.classoid = 'pg_class'::regclass
     LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid AND a.attnum > 0
     WHERE c.relnamespace = current_schema()::regnamespace AND c.relname !~ '_\\d{8}$') AS d`,
] as const;

/** Writes the schema of a database as SQL, the same for the same schema. */
export async function describeSchema(client: ClientBase): Promise<string> {
  const texts: string[] = [PREFACE];
  for (const part of PARTS) {
    const { rows } = await client.query<{ text: string | null }>(part);
    texts.push(...rows.map(({ text }) => `${text ?? ""}\n`));
  }
  return texts.join("\n");
}

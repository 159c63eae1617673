import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { dropLines, linesOf, UNFINISHED } from "../outbox/drop-lines.ts";
import { recoverSegment } from "../outbox/segment.ts";
import { completeSegmentName, parseSegmentName } from "../outbox/segment-name.ts";
import { type Slot, segmentFiles } from "../outbox/slot.ts";
import type { LogTable } from "../recorder.ts";
import { isSubjectsRow, type SubjectMatch } from "./subject.ts";

/** A file of rows that wait, or that the database refused. */
export interface RowFile {
  readonly path: string;
  readonly table: LogTable;
  readonly place: "outbox" | "quarantine";
}

/** Segments of folders that are ours, without a last line that its writer could not finish. */
export function listSegments(slots: readonly Slot[]): RowFile[] {
  return slots.flatMap(({ folder }) => {
    removeDrafts(folder);
    return segmentFiles(folder).flatMap((file) => {
      const table = tableOf(parseSegmentName(file)?.table);
      const path = recoverSegment(join(folder, file))?.segment.path;
      return table === null || path === undefined ? [] : [{ path, table, place: "outbox" as const }];
    });
  });
}

/** Files of rows that the database refused, under the root of the outbox. */
export function listQuarantine(root: string): RowFile[] {
  const folder = join(root, "quarantine");
  if (!existsSync(folder)) return [];
  removeDrafts(folder);
  return readdirSync(folder).flatMap((file) => {
    const table = tableOf(/^([a-z_]+)\.ndjson$/.exec(file)?.[1]);
    return table === null ? [] : [{ path: join(folder, file), table, place: "quarantine" as const }];
  });
}

/** Left by an erasure that was killed: they hold what it was to remove. */
function removeDrafts(folder: string): void {
  for (const file of readdirSync(folder)) if (file.endsWith(UNFINISHED)) rmSync(join(folder, file));
}

const tableSchema = z.enum(["routing_logs", "routing_outcomes", "routing_feedback"]);

function tableOf(name: string | undefined): LogTable | null {
  return tableSchema.safeParse(name).data ?? null;
}

/** Ids of the subject's decisions in a file of rows of routing_logs. */
export function subjectsDecisions({ path }: RowFile, match: SubjectMatch): string[] {
  const ids: string[] = [];
  for (const line of linesOf(path)) {
    const id = uuidOf(theirRow(line, match)?.id);
    if (id !== null) ids.push(id);
  }
  return ids;
}

/** Removes the subject's decisions from a file of rows of routing_logs. @throws {Error} where the disk refuses. */
export function removeDecisions(file: RowFile, match: SubjectMatch): number {
  return removeRows(file, (line) => theirRow(line, match) !== null);
}

function theirRow(line: Buffer, match: SubjectMatch): Row | null {
  // Nearly all lines are somebody else's, which their bytes tell without being parsed.
  if (!match.needles.some((needle) => line.includes(needle))) return null;
  const row = readRow(line);
  return isSubjectsRow(row, match) ? row : null;
}

/** Ids of the decisions that the rows of a file are about. */
export function decisionsIn({ path }: RowFile): string[] {
  const ids = new Set<string>();
  for (const line of linesOf(path)) {
    const id = idOf(line);
    if (id !== null) ids.add(id);
  }
  return [...ids];
}

/** Removes the rows about some decisions from a file of outcomes or feedback. @throws {Error} where the disk refuses. */
export function removeRowsAbout(file: RowFile, decisions: ReadonlySet<string>): number {
  if (decisions.size === 0) return 0;
  return removeRows(file, (line) => decisions.has(idOf(line) ?? ""));
}

function idOf(line: Buffer): string | null {
  return uuidOf(readRow(line).decision_id);
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** In small letters, as PostgreSQL writes it; null for what is none. */
function uuidOf(value: unknown): string | null {
  const id = typeof value === "string" ? value.toLowerCase() : "";
  return UUID.test(id) ? id : null;
}

/** A segment is named by its rows, and one without any is no more. */
function removeRows({ path, place }: RowFile, isTheirs: (line: Buffer) => boolean): number {
  const result = dropLines(path, isTheirs);
  if (result === null) return 0;
  if (result.kept === 0) rmSync(path);
  else if (place === "outbox") renameSync(path, withRows(path, result.kept));
  return result.dropped;
}

function withRows(path: string, rows: number): string {
  return join(dirname(path), completeSegmentName(basename(path).replace(/\.\d+(?=\.ndjson$)/, ""), rows));
}

type Row = Readonly<Record<string, unknown>>;

function isRow(value: unknown): value is Row {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The row of a line; in quarantine it stands beside the error. What is no JSON object has no columns. */
function readRow(line: Buffer): Row {
  const json = parseJson(line.toString("utf8"));
  if (!isRow(json)) return {};
  if (!("sqlState" in json)) return json;
  return isRow(json.row) ? json.row : {};
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

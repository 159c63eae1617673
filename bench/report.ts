import { renderTable, type Table } from "./table.ts";

/** What was wished for, beside what was measured. */
export interface Aim {
  readonly what: string;
  readonly wanted: string;
  readonly measured: string;
  readonly isMet: boolean;
}

/** What one part of the benchmark measured. */
export interface Report {
  /** Heading of its section. */
  readonly title: string;
  /** How it was measured, in a few sentences. */
  readonly method: string;
  readonly aims: readonly Aim[];
  readonly tables: readonly { readonly caption: string; readonly table: Table }[];
}

/** Tells whoever waits what is going on, one line each. */
export type Progress = (line: string) => void;

/** How a part is run. */
export interface BenchOptions {
  readonly progress: Progress;
  /** Share of the full work, above 0 and at most 1: less is quicker and noisier. */
  readonly effort: number;
  /** Rows of the log in the part \`sql\`, null for its usual number. */
  readonly rows: number | null;
}

/** Scales a number of requests or rounds by the effort, to at least `least`. */
export function scaled(full: number, effort: number, least: number): number {
  return Math.max(least, Math.round(full * effort));
}

/** Writes a report as a section of docs/bench.md; a terminal shows the same. `conditions` says where and when. */
export function renderReport(report: Report, conditions: string): string {
  const aims: Table = {
    columns: ["aim", "wanted", "measured", ""],
    rows: report.aims.map(({ what, wanted, measured, isMet }) => [
      what,
      wanted,
      measured,
      isMet ? "met" : "missed",
    ]),
  };
  const tables = report.tables.map(({ caption, table }) => `${caption}\n\n${renderTable(table)}`);
  return [`## ${report.title}`, report.method, conditions, renderTable(aims), ...tables].join("\n\n");
}

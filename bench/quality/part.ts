import type { ReportedTier } from "../../src/learn/report.ts";
import { renderTable, type Table } from "../table.ts";
import type { BenchClassifier } from "./classifier.ts";

/** What a part of the benchmark is given. */
export interface PartOptions {
  /** Folder of the data sets. */
  readonly data: string;
  readonly classifiers: readonly BenchClassifier[];
  /** Those of the shipped policy, cheapest first. */
  readonly tiers: readonly ReportedTier[];
  /** Files of `{id, score}` lines: scores of held-out rows of the outcomes. */
  readonly heldOut: readonly string[];
  readonly progress: (line: string) => void;
}

/** What a part found: a section of docs/bench-quality.md. */
export interface Part {
  readonly title: string;
  /** How it was measured, on what. */
  readonly text: string;
  readonly tables: readonly { readonly caption: string; readonly table: Table }[];
}

/** Writes a part as Markdown. `conditions` says where and when it was measured. */
export function renderPart({ title, text, tables }: Part, conditions: string): string {
  const shown = tables.map(({ caption, table }) => `${caption}\n\n${renderTable(table)}`);
  return [`## ${title}`, text, conditions, ...shown].join("\n\n");
}

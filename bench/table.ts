/** A table of text: every row has as many cells as there are columns. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Writes a table as Markdown whose columns line up in a terminal too; all but the first are right-aligned. */
export function renderTable({ columns, rows }: Table): string {
  const widths = columns.map((title, at) =>
    Math.max(3, ...[title, ...rows.map((row) => row[at] ?? "")].map(widthOf)),
  );
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, at) => pad(cells[at] ?? "", width, at === 0)).join(" | ")} |`;
  const rule = widths.map((width, at) => (at === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [line(columns), `| ${rule.join(" | ")} |`, ...rows.map(line)].join("\n");
}

function widthOf(text: string): number {
  return [...text].length;
}

function pad(text: string, width: number, toTheLeft: boolean): string {
  const blanks = " ".repeat(width - widthOf(text));
  return toTheLeft ? text + blanks : blanks + text;
}

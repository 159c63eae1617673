import type { RecorderStatus } from "../log/recorder.ts";

/** The log's figures, one by one. */
interface LogFigures {
  readonly rows: readonly RowFigure[];
  readonly waiting: readonly { readonly table: string; readonly count: number }[];
}

interface RowFigure {
  readonly table: string;
  readonly state: "accepted" | "stored" | "dropped";
  /** Why rows were dropped, "" for the others. */
  readonly reason: string;
  readonly count: number;
}

/** Takes the log's status apart by table, state and reason. */
export function logFigures({ tables }: RecorderStatus): LogFigures {
  const flows = Object.entries(tables);
  return {
    rows: flows.flatMap(([table, { accepted, stored, dropped }]): RowFigure[] => [
      { table, state: "accepted", reason: "", count: accepted },
      { table, state: "stored", reason: "", count: stored },
      ...Object.entries(dropped).map(([reason, count]) => {
        return { table, state: "dropped", reason, count } as const;
      }),
    ]),
    waiting: flows.map(([table, { waiting }]) => ({ table, count: waiting })),
  };
}

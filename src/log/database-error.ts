import { DatabaseError } from "pg";

/** Class 22: data exception. 23: integrity constraint violation. 54: program limit exceeded. */
const DATA_CLASSES: ReadonlySet<string> = new Set(["22", "23", "54"]);

/** The SQLSTATE where a statement failed for what is in its rows: it will fail again. Else null. */
export function dataErrorState(error: unknown): string | null {
  if (!(error instanceof DatabaseError) || error.code === undefined) return null;
  return DATA_CLASSES.has(error.code.slice(0, 2)) ? error.code : null;
}

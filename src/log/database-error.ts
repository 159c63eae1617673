import { DatabaseError } from "pg";

/** Class 22: data exception. 23: integrity constraint violation. 54: program limit exceeded. */
const DATA_CLASSES: ReadonlySet<string> = new Set(["22", "23", "54"]);

const CHECK_VIOLATION = "23514";

/**
 * The SQLSTATE where a statement failed for what is in its rows: it will fail again. Else null. A violated check
 * that has no name is one of a partition's bounds: the row's own partition was made while the statement waited
 * for the lock of the default one, and the next try finds it.
 */
export function dataErrorState(error: unknown): string | null {
  if (!(error instanceof DatabaseError) || error.code === undefined) return null;
  if (error.code === CHECK_VIOLATION && error.constraint === undefined) return null;
  return DATA_CLASSES.has(error.code.slice(0, 2)) ? error.code : null;
}

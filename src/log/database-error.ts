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

/**
 * Class 25: invalid transaction state, as of a server that only reads. 40: rolled back. 53: out of a resource.
 * 55: not in the state for it. 57: somebody intervened, or the time was over. 58: the system failed.
 */
const SERVER_CLASSES: ReadonlySet<string> = new Set(["25", "40", "53", "55", "57", "58"]);

/** Whether a statement failed for the state of the server: another one with the same rows would fail now as well. */
export function isOfServerState(error: DatabaseError): boolean {
  return error.code !== undefined && SERVER_CLASSES.has(error.code.slice(0, 2));
}

import type { Batch } from "./batch.ts";

/** Rows that are to be stored, of one segment or from memory. */
export interface Pending {
  readonly batch: Batch;
  /** Tells that the next rows of the batch are stored, or given up and counted. */
  readonly settle: (rows: number) => void;
  /** Tells that nothing more of the batch is under way, settled or not. */
  readonly release: () => void;
}

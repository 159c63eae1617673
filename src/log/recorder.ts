import type { DecisionRecord } from "../decide/decision.ts";

/** Figures of the log since the process started, and what it holds now. */
export interface RecorderStatus {
  /** Decisions handed to `record`. */
  readonly decided: number;
  /** Rows committed to the database. */
  readonly stored: number;
  /** Rows that wait for the database. */
  readonly waiting: number;
  /** Rows given up, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
  /** What the database last said, null where it works. */
  readonly lastError: string | null;
}

/** Where decisions are remembered. `record` never blocks, never throws, and is bounded in memory. */
export interface Recorder {
  record(record: DecisionRecord): void;
  status(): RecorderStatus;
  /** Writes what waits, for at most `deadlineMs`, and lets go of the database. */
  close(deadlineMs: number): Promise<void>;
}

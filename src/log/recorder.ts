import type { DecisionRecord } from "../decide/decision.ts";
import type { EmbeddingStatus } from "./embedding/embedding-filler.ts";
import type { MaintenanceStatus } from "./maintenance.ts";
import type { TableFlow } from "./outbox/table-log.ts";

/** Tables that the sidecar writes rows of. */
export type LogTable = "routing_logs" | "routing_outcomes" | "routing_feedback";

/** What waits on the disk. */
export interface OutboxStatus {
  readonly bytes: number;
  readonly maxBytes: number;
  readonly segments: number;
  /** When the oldest row that waits was appended, about; null where none waits. */
  readonly oldestAt: Date | null;
  /** What the disk last said, null where it works. */
  readonly diskError: string | null;
}

/** Figures of the log since the process started, and what it holds now. */
export interface RecorderStatus {
  /** By table, the decisions first. In each: `accepted = stored + waiting + sum of dropped`. */
  readonly tables: Readonly<Record<LogTable, TableFlow>>;
  /** What the database last said, null where it works. */
  readonly lastError: string | null;
  /** null where nothing is logged. */
  readonly outbox: OutboxStatus | null;
  /** How the database is kept; null where this process does not see to it. */
  readonly maintenance: MaintenanceStatus | null;
  /** null where none are made. */
  readonly embeddings: EmbeddingStatus | null;
  /** What an operator should look at now, a sentence each. */
  readonly alarms: readonly string[];
}

/** A row about a decision; its other keys are columns of its table, its values are JSON. */
export interface RowOfDecision {
  /** UUIDv7. */
  readonly decision_id: string;
}

/** Why a row is not taken: its decision is older than the log keeps, or its id is none that was made yet. */
export type Refusal = "expired" | "unknown_decision";

/** Where decisions, outcomes and feedback are remembered. Nothing here waits or throws, and all is bounded. */
export interface Recorder {
  /** When it returns, a kill of the process cannot lose the decision, unless the disk refuses it. */
  record(record: DecisionRecord): void;
  /** @returns why the row is not taken, null where it is. */
  outcome(row: RowOfDecision): Refusal | null;
  /** @returns why the row is not taken, null where it is. */
  feedback(row: RowOfDecision): Refusal | null;
  status(): RecorderStatus;
  /** Stores what waits, for at most `deadlineMs`, and lets go of the database. */
  close(deadlineMs: number): Promise<void>;
}

import type { KeyObject } from "node:crypto";
import type { RecorderStatus } from "./recorder.ts";

/** What the log's thread is started with: plain data, for it crosses into another thread. */
export interface ThreadSettings {
  readonly databaseUrl: string;
  readonly storeText: "none" | "redacted" | "full";
  readonly hashKey: KeyObject;
  /** Model names of the configuration, which are stored as they are also under `none`. */
  readonly listedNames: readonly string[];
}

/** What the thread is told. */
export type ToThread =
  /** Each a DecisionRecord as JSON: one string is cheaper to hold and to hand over than a hundred objects. */
  | { readonly kind: "records"; readonly records: readonly string[] }
  | { readonly kind: "close"; readonly deadlineMs: number };

/** What the thread tells. */
export type FromThread =
  | { readonly kind: "status"; readonly status: RecorderStatus }
  | {
      readonly kind: "log";
      readonly level: "info" | "warn";
      readonly fields: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: "closed"; readonly status: RecorderStatus };

import type { Features } from "../../classify/features/read-features.ts";
import type { ModelOutcome } from "../outcomes.ts";

/** A request to learn from. Its text is not kept. */
export interface TrainingRow {
  /** Digest of the text, by which requests that are the same are found. */
  readonly digest: string;
  readonly features: Features;
  /** Features of the parts of its text, by which a score is held down; none where the text is not known. */
  readonly parts: readonly Features[];
  /** UTF-16 code units of the newest human turn. */
  readonly length: number;
  /** What the static classifier says of it, 0..100. */
  readonly keywordScore: number;
  readonly suite: string;
  /** The kind of work. */
  readonly group: string;
  /** Requests of one conversation are alike: they are never on both sides of a split. */
  readonly conversation: string;
  /** When it was made, in milliseconds since 1970; null where nobody knows. */
  readonly atMs: number | null;
  /** Hash of the key that it came with; null where it is no caller's but one's own data. */
  readonly caller: string | null;
  /** What models reached on it. */
  readonly outcomes: ReadonlyMap<string, ModelOutcome>;
  /** What else was said of it. */
  readonly needs: readonly Need[];
}

/** Where a label is from; each kind counts differently. */
export type NeedKind = "tier" | "feedback" | "signal" | "silence";

/** A word on how strong a model the request needs. */
export interface Need {
  readonly kind: NeedKind;
  /** 0: the cheapest tier is enough. 1: only the dearest is. */
  readonly value: number;
  /** How much it counts, beside what two models reached: that counts 1. */
  readonly weight: number;
}

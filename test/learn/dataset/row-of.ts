import { FEATURE_NAMES } from "../../../src/classify/features/feature-list.ts";
import type { TrainingRow } from "../../../src/learn/dataset/training-row.ts";

/** A row of which a test says what matters to it. */
export function rowOf(changes: Partial<TrainingRow> = {}): TrainingRow {
  return {
    digest: "d",
    features: { numbers: new Float32Array(FEATURE_NAMES.length), words: new Int32Array() },
    parts: [],
    length: 10,
    keywordScore: 0,
    suite: "log",
    group: "code",
    conversation: "c",
    atMs: null,
    caller: null,
    outcomes: new Map(),
    needs: [],
    ...changes,
  };
}

import { createHash } from "node:crypto";
import { FEATURE_NAMES, FEATURE_VERSION } from "../../classify/features/feature-list.ts";
import { ARTIFACT_FORMAT, type Artifact, ORDER_ALONE } from "../../classify/ml/artifact.ts";
import type { JudgedRow } from "../dataset/judge-rows.ts";
import type { SetReport } from "../report.ts";
import type { ChosenRanges } from "./choose-ranges.ts";
import type { Candidate } from "./train-own.ts";
import { newestOf } from "./unseen-rows.ts";

interface ArtifactSource {
  /** Digest of the artifact that was started from. */
  readonly priorDigest: string;
  readonly seed: number;
  /** 2026-01-31. */
  readonly date: string;
  readonly report: SetReport;
  readonly ranges: ChosenRanges;
}

interface Trained extends Pick<Candidate, "model" | "calibration" | "isChance"> {
  /** Below it a cascade asks. */
  readonly confidence: number;
}

/** The file of a classifier of one's own: what it was made of, and how well it did on rows that it did not see. */
export function toArtifact(judged: readonly JudgedRow[], trained: Trained, source: ArtifactSource): Artifact {
  const { priorDigest, seed, date, report, ranges } = source;
  return {
    format: ARTIFACT_FORMAT,
    feature_version: FEATURE_VERSION,
    features: [...FEATURE_NAMES],
    model: trained.model,
    calibration: trained.calibration,
    meaning: trained.isChance
      ? "100 x the chance that the weak model fails, on the traffic that it was trained on"
      : `${ORDER_ALONE}: the higher, the more the strong model gains, on the traffic that it was trained on`,
    training: {
      date,
      data_hash: hashOf(judged),
      seed,
      rows: judged.length,
      sources: [],
      options: {
        cascade_confidence: trained.confidence,
        ranges: ranges.borders.join(", "),
      },
      adapted_from: priorDigest,
      trained_until: newestOf(judged),
    },
    metrics: report.scorers.flatMap(({ name, apgr }) => {
      const { value, low, high } = apgr;
      if (value === null || low === null || high === null) return [];
      return [
        {
          set: "own traffic, cross-validated",
          prompts: report.prompts,
          scorer: name,
          apgr: value,
          low,
          high,
        },
      ];
    }),
  };
}

function hashOf(judged: readonly JudgedRow[]): string {
  const hash = createHash("sha256");
  for (const { row, weak, strong, weight } of judged) {
    hash.update(`${row.digest} ${weak.quality} ${strong.quality} ${weight}\n`);
  }
  return hash.digest("hex");
}

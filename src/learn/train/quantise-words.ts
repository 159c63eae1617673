import type { Model } from "../../classify/ml/artifact.ts";

/** Largest signed byte. */
const MAX_BYTE = 127;

/** A scale has so many digits. */
const SCALE_DIGITS = 6;

/** Weights of words as signed bytes with one scale. */
export function quantiseWords(weights: Float64Array, bits: number): Model["words"] {
  const largest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
  const scale = Number((largest / MAX_BYTE).toPrecision(SCALE_DIGITS));
  const bytes = Int8Array.from(weights, (weight) => (scale > 0 ? Math.round(weight / scale) : 0));
  return { bits, scale, weights: Buffer.from(bytes.buffer).toString("base64") };
}

/** The weights that the bytes stand for. */
export function wordWeights({ scale, weights }: Model["words"]): Float64Array {
  return Float64Array.from(Int8Array.from(Buffer.from(weights, "base64")), (byte) => byte * scale);
}

import { createHash } from "node:crypto";

/** Hexadecimal digits of a text's digest: 64 bits, so that no two texts of a log meet. */
const DIGEST_DIGITS = 16;

/** Tells a text, or features, from all others. */
export function digestOf(content: string | Float32Array): string {
  return createHash("sha256").update(content).digest("hex").slice(0, DIGEST_DIGITS);
}

import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";

const SECRET_BYTES = 24;

/**
 * Reads a secret from `file`, which is made with a new random one on first use, readable for its owner only. A file
 * without one, as a full disk may have left it, counts as missing.
 */
export function keptSecret(file: string, prefix = ""): string {
  const kept = existsSync(file) ? readFileSync(file, "utf8").trim() : "";
  if (kept === "") return makeSecret(file, prefix);
  chmodSync(file, 0o600);
  return kept;
}

/** The file appears with its content at once. */
function makeSecret(file: string, prefix: string): string {
  const secret = `${prefix}${randomBytes(SECRET_BYTES).toString("hex")}`;
  const draft = `${file}.${process.pid}`;
  try {
    writeFileSync(draft, `${secret}\n`, { mode: 0o600 });
    renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
  return secret;
}

import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";

const SECRET_BYTES = 24;

/** Reads a secret from `file`, which is made with a new random one on first use, readable for its owner only. */
export function keptSecret(file: string, prefix = ""): string {
  if (!existsSync(file)) {
    const secret = `${prefix}${randomBytes(SECRET_BYTES).toString("hex")}`;
    writeFileSync(file, `${secret}\n`, { mode: 0o600, flag: "wx" });
  }
  chmodSync(file, 0o600);
  return readFileSync(file, "utf8").trim();
}

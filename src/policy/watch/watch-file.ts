import { type BigIntStats, statSync } from "node:fs";
import { stat } from "node:fs/promises";

/** A look costs 0.05 ms, most of it in another thread. In milliseconds. */
const INTERVAL_MS = 500;

/** A file that changed is given time for the rest of a write that comes in parts, in milliseconds. */
const SETTLE_MS = 200;

export interface WatchOptions {
  /** Called when the file has changed, appeared or gone, and then stayed as it is for `settleMs`. */
  readonly onChange: () => void;
  /** A file that changed later than this, in milliseconds since 1970, counts as changed from the start. */
  readonly sinceMs: number;
  /** How often it is looked at, in milliseconds. */
  readonly intervalMs?: number;
  readonly settleMs?: number;
}

/**
 * Watches a file by what its path leads to: inode, size and times. So a plain write, an editor that renames, and a
 * mounted ConfigMap whose symbolic link is swapped look the same, and network and container file systems, which send
 * no events, need no second way.
 *
 * @returns ends the watch.
 */
export function watchFile(
  path: string,
  { onChange, sinceMs, intervalMs = INTERVAL_MS, settleMs = SETTLE_MS }: WatchOptions,
): () => void {
  const ended = new AbortController();
  let settling: NodeJS.Timeout | undefined;
  const changed = () => {
    clearTimeout(settling);
    settling = setTimeout(onChange, settleMs).unref();
  };
  const first = statSync(path, { bigint: true, throwIfNoEntry: false });
  let seen = fingerprint(first);
  if (first !== undefined && Number(first.ctimeMs) > sinceMs) changed();
  const look = async () => {
    const found = await stat(path, { bigint: true }).then(fingerprint, () => fingerprint(undefined));
    if (ended.signal.aborted) return;
    if (found !== seen) changed();
    seen = found;
    timer = setTimeout(look, intervalMs).unref();
  };
  let timer = setTimeout(look, intervalMs).unref();
  return () => {
    ended.abort();
    clearTimeout(settling);
    clearTimeout(timer);
  };
}

function fingerprint(found: BigIntStats | undefined): string {
  if (found === undefined) return "nothing";
  return [found.dev, found.ino, found.size, found.mtimeNs, found.ctimeNs].join();
}

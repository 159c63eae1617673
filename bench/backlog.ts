import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import { completeSegmentName, newSegmentName } from "../src/log/outbox/segment-name.ts";
import { toLine } from "../src/log/row-line.ts";
import { createUuid7 } from "../src/log/uuid7.ts";
import { decide } from "./decisions.ts";
import { envelopesOfSize } from "./envelopes.ts";

/** Rows in the outbox as a sidecar left them that was killed while the database was away. */
export interface Backlog {
  readonly rows: number;
  readonly bytes: number;
  /** Puts it where a running sidecar finds it, as that of a sidecar that is no more. */
  offer(): void;
}

export interface BacklogOptions {
  /** State folder of the sidecar that is to find it. */
  readonly stateDir: string;
  readonly rows: number;
  /** Size of the requests that the rows come of. */
  readonly bodyBytes: number;
}

/** Different rows; the ids of all differ. */
const SHAPES = 64;
const SEGMENT_BYTES = 16 * 2 ** 20;
/** Of a number that no sidecar here has. */
const FIRST_FOLDER = 40;
let offered = 0;
const newId = createUuid7({ now: Date.now, random: Math.random });

/** Writes rows of real decisions to the disk, where no sidecar sees them yet. */
export function prepareBacklog({ stateDir, rows, bodyBytes }: BacklogOptions): Backlog {
  const lines = linesOf(bodyBytes);
  const aside = join(stateDir, "outbox", "aside");
  mkdirSync(aside, { recursive: true });
  let bytes = 0;
  for (let written = 0; written < rows; ) {
    const parts: Buffer[] = [];
    let size = 0;
    while (size < SEGMENT_BYTES && written + parts.length < rows) {
      const line = Buffer.from(lines[parts.length % lines.length]?.(newId()) ?? "");
      parts.push(line);
      size += line.length;
    }
    writeSegment(aside, parts);
    written += parts.length;
    bytes += size;
  }
  offered += 1;
  const folder = join(stateDir, "outbox", String(FIRST_FOLDER + offered));
  return { rows, bytes, offer: () => renameSync(aside, folder) };
}

function writeSegment(folder: string, lines: readonly Buffer[]): void {
  const name = completeSegmentName(newSegmentName("routing_logs", Date.now()), lines.length);
  const fd = openSync(join(folder, name), "wx");
  writeSync(fd, Buffer.concat(lines));
  // Or the disk would still be busy with it when the latencies are measured.
  fsyncSync(fd);
  closeSync(fd);
}

/** Lines of the log, with an id that is still to be told. */
function linesOf(bodyBytes: number): ((id: string) => string)[] {
  const privacy = { storeText: "redacted", hashKey: Buffer.alloc(32, 1), listed: () => true } as const;
  return decide(envelopesOfSize(bodyBytes, SHAPES)).map((record) => {
    const [before, after] = `${toLine(record, privacy)}\n`.split(record.id);
    return (id: string) => `${before}${id}${after}`;
  });
}

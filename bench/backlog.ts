import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import { createSnapshot } from "../src/compose.ts";
import type { DecisionRecord } from "../src/decide/decision.ts";
import { catalogSchema, createCatalogStore } from "../src/http/catalog-store.ts";
import { createRouter } from "../src/http/router.ts";
import { completeSegmentName, newSegmentName } from "../src/log/outbox/segment-name.ts";
import { toLine } from "../src/log/row-line.ts";
import { createUuid7 } from "../src/log/uuid7.ts";
import { compileGlob } from "../src/policy/glob.ts";
import { loadPolicyText } from "../src/policy/load.ts";
import { CATALOG, envelopesOfSize } from "./envelopes.ts";
import { POLICY_FILE } from "./sidecar.ts";

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
  return recordsOf(bodyBytes).map((record) => {
    const [before, after] = `${toLine(record, privacy)}\n`.split(record.id);
    return (id: string) => `${before}${id}${after}`;
  });
}

function recordsOf(bodyBytes: number): DecisionRecord[] {
  const loaded = loadPolicyText(readFileSync(POLICY_FILE, "utf8"), { file: POLICY_FILE, env: {} });
  if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join("\n"));
  const snapshot = createSnapshot(loaded.policy);
  const catalog = createCatalogStore(compileGlob);
  catalog.replace(catalogSchema.parse(CATALOG));
  const records: DecisionRecord[] = [];
  const record = (decided: DecisionRecord) => void records.push(decided);
  const now = () => new Date();
  const health = () => new Map();
  const random = Math.random;
  const router = createRouter({ snapshot: () => snapshot, catalog, health, record, newId, now, random });
  for (const body of envelopesOfSize(bodyBytes, SHAPES)) router.route(JSON.parse(body));
  return records;
}

import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { makeReadOnly, mountSmallDisk, refuseWrites } from "./failing-disk.ts";
import { expectBalance, expectNothingLost } from "./nothing-lost.ts";
import { type OwnPostgres, startOwnPostgres } from "./own-postgres.ts";
import { type LogStatus, type SidecarProcess, startSidecar } from "./sidecar-process.ts";
import { routeBodies, type SteadyLoad, startLoad } from "./steady-load.ts";

/** What a scenario is run with. */
export interface DiskFaultOptions {
  /** How long the disk goes on to fail once that is seen, in milliseconds. */
  readonly holdMs: number;
  readonly progress: (line: string) => void;
}

const PER_SECOND = 500;
/** Text that makes a row of about 3 KB. */
const CHARS = 1_000;
const SMALL_DISK_KIB = 2_048;
const RECOVERY_MS = 30_000;

interface Running {
  readonly postgres: OwnPostgres;
  readonly sidecar: SidecarProcess;
  readonly load: SteadyLoad;
}

/** The outbox fills its file system while the database is away, then the database comes back. */
export function fullDisk(options: DiskFaultOptions): Promise<void> {
  return withSmallDisk(options, async ({ postgres, sidecar, load }) => {
    await postgres.proxy.cut();
    const full = await refusing(sidecar, /ENOSPC|found room for/);
    expect(full.alarms.join()).toContain("the disk of the outbox refuses");
    await sleep(options.holdMs);
    await postgres.proxy.restore();
    await recovered(sidecar);
    await finish({ postgres, sidecar, load }, options);
  });
}

/** The sidecar is killed when its file system is full: what is on it is stored by the next one, which has no room. */
export function fullDiskThenKilled(options: DiskFaultOptions): Promise<void> {
  return withSmallDisk(options, async ({ postgres, sidecar, load }) => {
    await postgres.proxy.cut();
    await refusing(sidecar, /ENOSPC|found room for/);
    await sleep(options.holdMs);
    await load.stop();
    await sidecar.kill();
    const rows = rowsOnDisk(sidecar);
    expect(rows).toBeGreaterThan(0);
    // Whatever room a restart could find is gone too.
    fill(sidecar.stateDir);
    await sidecar.start();
    await postgres.proxy.restore();
    const log = await sidecar.drained(RECOVERY_MS);
    expectBalance(log);
    expect(log.decisions.stored).toBe(rows);
    expectNothingLost(await postgres.decisionIds(), load.answeredIds, load.answeredIds.length);
    options.progress(`${rows} rows were on the disk, and are stored`);
  });
}

function rowsOnDisk({ stateDir }: SidecarProcess): number {
  const folder = join(stateDir, "outbox", "1");
  const files = readdirSync(folder).filter((name) => name.startsWith("routing_logs-"));
  const lines = files.flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n").slice(0, -1));
  return lines.length;
}

/** Takes the last bytes of a file system. */
function fill(folder: string): void {
  const fd = openSync(join(folder, "fill"), "w");
  try {
    for (;;) writeSync(fd, Buffer.alloc(512));
  } catch {
    closeSync(fd);
  }
}

/** The kernel refuses every write of the sidecar while the database is away too, for a while. */
export function refusedWrites(options: DiskFaultOptions): Promise<void> {
  return withSidecar(undefined, async ({ postgres, sidecar, load }) => {
    // Its own log is a file too: what it says of the database then is lost, and nothing else.
    const undo = refuseWrites(sidecar.pid);
    if (undo === null) return notTried("refused writes", "there is no prlimit here", options);
    await postgres.proxy.cut();
    await refusing(sidecar, /EFBIG/);
    await sleep(options.holdMs);
    undo();
    await recovered(sidecar);
    await postgres.proxy.restore();
    await finish({ postgres, sidecar, load }, options);
  });
}

/** The folder of the outbox takes no new file and lets go of none, for a while. */
export function readOnlyFolder(options: DiskFaultOptions): Promise<void> {
  return withSidecar(undefined, async ({ postgres, sidecar, load }) => {
    const undo = makeReadOnly(join(sidecar.stateDir, "outbox", "1"));
    if (undo === null)
      return notTried("a read-only folder", "this file system cannot do it to root", options);
    try {
      const refused = await refusing(sidecar, /EACCES|EPERM/);
      expect(refused.last_error, "that is not the database's fault").toBeNull();
      await sleep(options.holdMs);
    } finally {
      undo();
    }
    await recovered(sidecar);
    await finish({ postgres, sidecar, load }, options);
  });
}

async function withSmallDisk(
  options: DiskFaultOptions,
  scenario: (running: Running) => Promise<void>,
): Promise<void> {
  const disk = mountSmallDisk(SMALL_DISK_KIB);
  if (disk === null) return notTried("a full file system", "we have no right to mount one", options);
  try {
    const stateDir = join(disk.folder, "state");
    mkdirSync(stateDir);
    await withSidecar(stateDir, scenario);
  } finally {
    disk.remove();
  }
}

async function withSidecar(stateDir: string | undefined, scenario: (running: Running) => Promise<void>) {
  await using stack = new AsyncDisposableStack();
  const postgres = await startOwnPostgres();
  stack.defer(postgres.stop);
  const sidecar = await startSidecar({ databaseUrl: postgres.url, ...(stateDir && { stateDir }) });
  stack.defer(sidecar.remove);
  const load = startLoad({ port: sidecar.port, perSecond: PER_SECOND, bodies: routeBodies([CHARS]) });
  stack.defer(load.stop);
  await scenario({ postgres, sidecar, load });
}

function notTried(what: string, why: string, { progress }: DiskFaultOptions): void {
  progress(`NOT TRIED: ${what}, as ${why}`);
}

/** Waits until the disk is said to refuse with such words: when that is depends on how much the machine gets written. */
async function refusing(sidecar: SidecarProcess, words: RegExp): Promise<LogStatus> {
  const log = await seen(sidecar, ({ outbox }) => words.test(outbox.disk_error ?? ""));
  expectBalance(log);
  return log;
}

/** Waits until the disk is said to work again. */
function recovered(sidecar: SidecarProcess): Promise<LogStatus> {
  return seen(sidecar, ({ outbox }) => outbox.disk_error === null);
}

/** @throws {Error} where the status does not come to that. */
async function seen(sidecar: SidecarProcess, isSo: (log: LogStatus) => boolean): Promise<LogStatus> {
  const end = performance.now() + RECOVERY_MS;
  for (;;) {
    const log = await sidecar.status();
    if (isSo(log)) return log;
    if (performance.now() > end)
      throw new Error(`The sidecar does not see what the disk does: ${JSON.stringify(log)}`);
    await sleep(50);
  }
}

/** All that was not dropped and counted is stored, and no request failed. */
async function finish({ postgres, sidecar, load }: Running, { progress }: DiskFaultOptions): Promise<void> {
  await load.stop();
  const log = await sidecar.drained(RECOVERY_MS);
  expectBalance(log);
  expect(load.failures).toEqual([]);
  const stored = await postgres.decisionIds();
  const dropped = droppedRows(log);
  progress(`${load.answeredIds.length} answered, ${stored.length} stored, ${dropped} dropped and counted`);
  if (dropped === 0) expectNothingLost(load.answeredIds, stored);
  expect(stored.length + dropped).toBe(load.answeredIds.length);
}

function droppedRows({ decisions }: LogStatus): number {
  const { disk = 0, ...others } = decisions.dropped;
  expect(others, "rows that were dropped for another reason than the disk").toEqual({});
  return disk;
}

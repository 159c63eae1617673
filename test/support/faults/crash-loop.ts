import { setTimeout as sleep } from "node:timers/promises";
import { expectBalance, expectNothingLost } from "./nothing-lost.ts";
import { startOwnPostgres } from "./own-postgres.ts";
import { startSidecar } from "./sidecar-process.ts";
import { routeBodies, startLoad } from "./steady-load.ts";

export interface CrashLoopOptions {
  /** Requests a second. */
  readonly perSecond: number;
  /** How often the sidecar is killed. */
  readonly kills: number;
  /** The database is killed too, every so many kills of the sidecar; never where 0. */
  readonly databaseKillEvery: number;
  readonly progress: (line: string) => void;
}

/** A kill comes at a random moment of so many milliseconds after the start, some before the first rows are stored. */
const UP_MAX_MS = 1_200;
const DRAIN_MS = 60_000;

/** Kills the sidecar with SIGKILL under load, again and again, and looks whether what it answered is stored. */
export async function crashLoop(options: CrashLoopOptions): Promise<void> {
  const { perSecond, kills, databaseKillEvery, progress } = options;
  await using stack = new AsyncDisposableStack();
  const postgres = await startOwnPostgres();
  stack.defer(postgres.stop);
  const sidecar = await startSidecar({ databaseUrl: postgres.url });
  stack.defer(sidecar.remove);
  const bodies = routeBodies([200, 400, 1_000, 4_000]);
  const load = startLoad({ port: sidecar.port, perSecond, bodies });
  stack.defer(load.stop);
  let spare = 0;
  for (let kill = 1; kill <= kills; kill += 1) {
    await sleep(Math.random() * UP_MAX_MS);
    spare += load.inFlight;
    await sidecar.kill();
    const killsDatabase = databaseKillEvery > 0 && kill % databaseKillEvery === 0;
    if (killsDatabase) await postgres.kill();
    await sidecar.start();
    if (killsDatabase) await postgres.restart();
    if (kill % 10 === 0) progress(`${kill} of ${kills} kills, ${load.answeredIds.length} decisions answered`);
  }
  await load.stop();
  const log = await sidecar.drained(DRAIN_MS);
  expectBalance(log);
  const stored = await postgres.decisionIds();
  progress(
    `${kills} kills: ${load.answeredIds.length} answered, ${stored.length} stored, ${load.failures.length} requests ` +
      `found no sidecar, ${spare} were under way at a kill`,
  );
  expectNothingLost(load.answeredIds, stored, spare);
}

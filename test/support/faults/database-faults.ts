import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { expectBalance, expectNothingLost } from "./nothing-lost.ts";
import { type OwnPostgres, startOwnPostgres } from "./own-postgres.ts";
import { startSidecar } from "./sidecar-process.ts";
import { routeBodies, startLoad } from "./steady-load.ts";

/** A way in which the database, or the network before it, fails. */
export interface DatabaseFault {
  readonly name: string;
  readonly begin: (postgres: OwnPostgres) => Promise<void> | void;
  readonly end: (postgres: OwnPostgres) => Promise<void> | void;
  /** How long it lasts, in milliseconds. */
  readonly holdMs: number;
}

const heal = ({ proxy }: OwnPostgres) => proxy.heal();

/** SIGKILL, and a start some time later. */
export const killed = (holdMs: number): DatabaseFault => {
  return { name: "killed", holdMs, begin: ({ kill }) => kill(), end: ({ restart }) => restart() };
};

/** Statements arrive and are committed, their answer is lost with the connection. */
export const answersLost = (holdMs: number): DatabaseFault => {
  return { name: "reset while it commits", holdMs, begin: ({ proxy }) => proxy.loseAnswers(), end: heal };
};

/** Each answer takes so much longer, half of it on the way there. */
export const slow = (delayMs: number, holdMs: number): DatabaseFault => {
  const begin = ({ proxy }: OwnPostgres) => proxy.delay(delayMs / 2);
  return { name: `slower by ${delayMs} ms`, holdMs, begin, end: heal };
};

/** Connections stay open and are taken, nothing is ever answered. */
export const blackHoled = (holdMs: number): DatabaseFault => {
  return { name: "black-holed", holdMs, begin: ({ proxy }) => proxy.swallow(), end: heal };
};

/** Connections break, and none is taken. */
export const refused = (holdMs: number): DatabaseFault => {
  return {
    name: "unreachable",
    holdMs,
    begin: ({ proxy }) => proxy.cut(),
    end: ({ proxy }) => proxy.restore(),
  };
};

export interface DatabaseFaultsOptions {
  /** Requests a second. */
  readonly perSecond: number;
  readonly faults: readonly DatabaseFault[];
  /** Longest time until the log has caught up after a fault, in milliseconds. */
  readonly recoveryMs: number;
  readonly progress: (line: string) => void;
}

/** Rows that wait though all is well: those of the last half second. */
const CAUGHT_UP_SECONDS = 0.5;

/** Lets the database fail in one way after the other, under load. No request fails, nothing is lost, none comes twice. */
export async function databaseFaults(options: DatabaseFaultsOptions): Promise<void> {
  const { perSecond, faults, recoveryMs, progress } = options;
  const caughtUpRows = perSecond * CAUGHT_UP_SECONDS;
  await using stack = new AsyncDisposableStack();
  const postgres = await startOwnPostgres();
  stack.defer(postgres.stop);
  const sidecar = await startSidecar({ databaseUrl: postgres.url });
  stack.defer(sidecar.remove);
  const bodies = routeBodies([200, 400, 1_000, 4_000]);
  const load = startLoad({ port: sidecar.port, perSecond, bodies });
  stack.defer(load.stop);
  await sidecar.drained(recoveryMs, caughtUpRows);
  for (const { name, begin, end, holdMs } of faults) {
    const before = await sidecar.status();
    await begin(postgres);
    await sleep(holdMs);
    const during = await sidecar.status();
    expectBalance(during);
    await end(postgres);
    const endedMs = performance.now();
    const after = await sidecar.drained(recoveryMs, caughtUpRows);
    expectBalance(after);
    const seconds = ((performance.now() - endedMs) / 1_000).toFixed(1);
    const grown = during.decisions.accepted - before.decisions.accepted;
    progress(
      `${name}: ${grown} decisions meanwhile, ${during.decisions.waiting} waited, caught up in ${seconds} s`,
    );
  }
  await load.stop();
  const log = await sidecar.drained(recoveryMs);
  expectBalance(log);
  expect(log.decisions.dropped).toEqual({});
  expect(log.last_error).toBeNull();
  expect(load.failures).toEqual([]);
  expectNothingLost(load.answeredIds, await postgres.decisionIds());
  progress(`${load.answeredIds.length} answered and stored`);
}

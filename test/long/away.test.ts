import { test } from "vitest";
import { databaseAway } from "../support/faults/away.ts";
import { progress } from "../support/faults/progress.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const PER_SECOND = 500;
/** Minutes that the database is away; SIGNALBOX_LONG_AWAY_MIN to try it with fewer. */
const minutes = Number(process.env.SIGNALBOX_LONG_AWAY_MIN ?? 15);

test(
  "nothing is lost while the database is away for a quarter of an hour",
  async () => {
    // In so long a time much else happens on a machine: latencies are printed here, and compared below.
    await databaseAway({
      perSecond: PER_SECOND,
      awayMs: minutes * MINUTE_MS,
      phases: 1,
      maxRatio: null,
      progress,
    });
  },
  HOUR_MS,
);

test(
  "nobody waits longer without the database than with it, in turns of ten seconds",
  async () => {
    await databaseAway({ perSecond: PER_SECOND, awayMs: 80_000, phases: 8, maxRatio: 1.1, progress });
  },
  HOUR_MS,
);

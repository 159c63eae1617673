import { test } from "vitest";
import {
  answersLost,
  blackHoled,
  databaseFaults,
  killed,
  refused,
  slow,
} from "../support/faults/database-faults.ts";
import { progress } from "../support/faults/progress.ts";

const HOUR_MS = 3_600_000;
const PER_SECOND = 500;

test(
  "no request fails and no decision is lost while the database is killed, reset, silent, slow or away",
  async () => {
    const faults = [
      killed(10_000),
      answersLost(20_000),
      refused(20_000),
      // A statement is given up after a minute.
      blackHoled(70_000),
      // A connection says several things before its first row: it may take 5 s to be there.
      slow(1_000, 30_000),
      slow(30_000, 60_000),
      killed(1_000),
    ];
    await databaseFaults({ perSecond: PER_SECOND, faults, recoveryMs: 180_000, progress });
  },
  HOUR_MS,
);

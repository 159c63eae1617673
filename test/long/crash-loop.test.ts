import { test } from "vitest";
import { crashLoop } from "../support/faults/crash-loop.ts";
import { progress } from "../support/faults/progress.ts";

const HOUR_MS = 3_600_000;
const PER_SECOND = 500;

test(
  "200 kills of the sidecar lose and double nothing",
  async () => {
    await crashLoop({ perSecond: PER_SECOND, kills: 200, databaseKillEvery: 0, progress });
  },
  HOUR_MS,
);

test(
  "20 kills of the database, each with one of the sidecar, lose and double nothing",
  async () => {
    await crashLoop({ perSecond: PER_SECOND, kills: 40, databaseKillEvery: 2, progress });
  },
  HOUR_MS,
);

import { test } from "vitest";
import { databaseAway } from "../support/faults/away.ts";
import { progress } from "../support/faults/progress.ts";

const MINUTE_MS = 60_000;
/** Minutes that the database is away; SIGNALBOX_LONG_AWAY_MIN to try it with fewer. */
const minutes = Number(process.env.SIGNALBOX_LONG_AWAY_MIN ?? 15);

test("nothing is lost and nobody waits while the database is away for a quarter of an hour", async () => {
  await databaseAway({ awayMs: minutes * MINUTE_MS, phases: 1, maxRatio: 1.1, progress });
}, 3_600_000);

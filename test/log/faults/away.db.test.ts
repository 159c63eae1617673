import { test } from "vitest";
import { databaseAway } from "../../support/faults/away.ts";

/** Few enough for a machine that runs other tests meanwhile to catch up with. */
const PER_SECOND = 200;
const progress = (line: string) => console.log(line);

test("nothing is lost and nobody waits while the database is away", async () => {
  // A machine that runs other tests meanwhile has no steady figures: to compare latencies is for the long run.
  await databaseAway({ perSecond: PER_SECOND, awayMs: 6_000, phases: 3, maxRatio: null, progress });
}, 300_000);

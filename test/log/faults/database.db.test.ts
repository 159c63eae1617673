import { test } from "vitest";
import { answersLost, databaseFaults, killed, refused, slow } from "../../support/faults/database-faults.ts";

/** Few enough for a machine that runs other tests meanwhile to catch up with. */
const PER_SECOND = 200;
const progress = (line: string) => console.log(line);

test("no request fails and no decision is lost while the database is killed, reset, slow or away", async () => {
  const faults = [killed(500), answersLost(1_500), slow(1_000, 2_000), refused(1_000)];
  await databaseFaults({ perSecond: PER_SECOND, faults, recoveryMs: 60_000, progress });
}, 240_000);

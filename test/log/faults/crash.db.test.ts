import { test } from "vitest";
import { crashLoop } from "../../support/faults/crash-loop.ts";

/** Few enough for a machine that runs other tests meanwhile to catch up with. */
const PER_SECOND = 200;
const progress = (line: string) => console.log(line);

test("what was answered is stored once, however often the sidecar and the database are killed", async () => {
  await crashLoop({ perSecond: PER_SECOND, kills: 4, databaseKillEvery: 2, progress });
}, 180_000);

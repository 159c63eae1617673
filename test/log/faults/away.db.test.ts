import { test } from "vitest";
import { databaseAway } from "../../support/faults/away.ts";

const progress = (line: string) => console.log(line);

test("nothing is lost and nobody waits while the database is away", async () => {
  // The limit is for a machine that runs other tests meanwhile; the long run has the real one.
  await databaseAway({ awayMs: 6_000, phases: 3, maxRatio: 2, progress });
}, 90_000);

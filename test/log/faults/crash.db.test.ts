import { test } from "vitest";
import { crashLoop } from "../../support/faults/crash-loop.ts";

const progress = (line: string) => console.log(line);

test("what was answered is stored once, however often the sidecar and the database are killed", async () => {
  await crashLoop({ kills: 4, databaseKillEvery: 2, progress });
}, 60_000);

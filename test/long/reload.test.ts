import { test } from "vitest";
import { progress } from "../support/faults/progress.ts";
import { reloadUnderLoad } from "../support/faults/reload-faults.ts";

test("no request fails and nothing leaks while 1,000 good and 10,000 damaged files are put in force", async () => {
  await reloadUnderLoad({ good: 1_000, mutated: 10_000, progress });
}, 7_200_000);

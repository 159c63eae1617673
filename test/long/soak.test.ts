import { test } from "vitest";
import { progress } from "../support/faults/progress.ts";
import { soak } from "../support/faults/soak.ts";

test("memory, handles and outbox stay as they are over ten minutes", async () => {
  await soak({ durationMs: 600_000, sampleEveryMs: 5_000, progress });
}, 1_200_000);

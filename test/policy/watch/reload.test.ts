import { expect, test } from "vitest";
import { reloadUnderLoad } from "../../support/faults/reload-faults.ts";

test("no request fails while good and damaged files are put in force", { timeout: 120_000 }, async () => {
  const lines: string[] = [];
  await reloadUnderLoad({ good: 8, mutated: 56, progress: (line) => lines.push(line) });
  expect(lines.at(-1)).toMatch(/applied/);
});

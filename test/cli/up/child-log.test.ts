import { expect, it, vi } from "vitest";
import { sayOnce } from "../../../src/cli/up/child-log.ts";

it("sayOnce() names the file and the reason, and says it once for all restarts", () => {
  const line = vi.fn<(text: string) => void>();
  const say = sayOnce({ line, status: () => undefined }, "/state/logs/x.log");
  say(new Error("ENOSPC: no space left on device, write"));
  say(new Error("ENOSPC: no space left on device, write"));
  expect(line.mock.calls).toEqual([
    [
      "Cannot write /state/logs/x.log: ENOSPC: no space left on device, write. What belongs there is not kept.",
    ],
  ]);
});

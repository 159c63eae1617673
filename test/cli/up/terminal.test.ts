import { describe, expect, it } from "vitest";
import { createTerminal } from "../../../src/cli/up/terminal.ts";

function record(isTTY: boolean, now: () => number) {
  const written: string[] = [];
  const terminal = createTerminal({ isTTY, write: (text) => written.push(text) }, now);
  return { terminal, written };
}

describe("createTerminal()", () => {
  it("rewrites the status in place on a terminal, and a line takes its place", () => {
    const { terminal, written } = record(true, () => 0);
    terminal.status("1 s");
    terminal.status("2 s");
    terminal.line("done");
    expect(written).toEqual(["\r\u001b[2K1 s", "\r\u001b[2K2 s", "\r\u001b[2Kdone\n"]);
  });

  it("writes a status only now and then where lines cannot be rewritten", () => {
    let now = 0;
    const { terminal, written } = record(false, () => now);
    for (now = 0; now <= 40_000; now += 1_000) terminal.status(`${now} ms`);
    expect(written).toEqual(["15000 ms\n", "30000 ms\n"]);
  });
});

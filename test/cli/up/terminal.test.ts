import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { createTerminal } from "../../../src/cli/up/terminal.ts";

function record(isTTY: boolean, now: () => number) {
  const written: string[] = [];
  const terminal = createTerminal({ isTTY, write: (text) => written.push(text), on: () => undefined }, now);
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

  it("lets a program go on whose output nobody reads any more", async () => {
    const file = JSON.stringify(fileURLToPath(new URL("../../../src/cli/up/terminal.ts", import.meta.url)));
    const script = `import { createTerminal } from ${file};
      const terminal = createTerminal(process.stdout);
      const timer = setInterval(() => terminal.line("up"), 5);
      process.stdin.on("end", () => { clearInterval(timer); process.stderr.write("stopped all"); }).resume();`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script]);
    child.stdout.once("data", () => {
      child.stdout.destroy();
      setTimeout(() => child.stdin.end(), 200);
    });
    expect(await text(child.stderr)).toBe("stopped all");
  });
});

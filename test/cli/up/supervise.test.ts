import { describe, expect, it } from "vitest";
import { type Child, startChild } from "../../../src/cli/up/child.ts";
import { supervise } from "../../../src/cli/up/supervise.ts";
import { processStart } from "../../../src/log/postgres/process-table.ts";

const start = (script: string): Child =>
  startChild({ command: process.execPath, args: ["-e", script], env: process.env });

describe("supervise()", () => {
  it("starts the child again after it ended, says so, and ends it for good when stopped", async () => {
    const said: string[] = [];
    const { promise: restarted, resolve } = Promise.withResolvers<Child>();
    const end = supervise({
      name: "sidecar",
      first: start("process.exit(7)"),
      restart: () => {
        const child = start("setInterval(() => {}, 1e6)");
        resolve(child);
        return child;
      },
      say: (text) => said.push(text),
    });
    const { pid = 0 } = await restarted;
    expect(said).toEqual(["sidecar ended with exit code 7; restart in 0.5 s"]);
    await end(1_000);
    expect(processStart(pid)).toBeNull();
  });
});

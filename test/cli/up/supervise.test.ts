import { describe, expect, it } from "vitest";
import { type Child, startChild } from "../../../src/cli/up/child.ts";
import { supervise } from "../../../src/cli/up/supervise.ts";
import { processStart } from "../../../src/log/postgres/process-table.ts";

const start = (script: string): Child =>
  startChild({ command: process.execPath, args: ["-e", script], env: process.env });

const FOREVER = "setInterval(() => {}, 1e6)";

describe("supervise()", () => {
  it("starts the child again after it ended, says so, and ends it for good when stopped", async () => {
    const said: string[] = [];
    const { promise: restarted, resolve } = Promise.withResolvers<Child>();
    const supervised = supervise({
      name: "sidecar",
      first: start("process.exit(7)"),
      restart: () => {
        const child = start(FOREVER);
        resolve(child);
        return child;
      },
      say: (text) => said.push(text),
    });
    const { pid = 0 } = await restarted;
    expect(said).toEqual(["sidecar ended with exit code 7; restart in 0.5 s"]);
    await supervised.end(1_000);
    expect(processStart(pid)).toBeNull();
  });

  it("starts the child anew at once where that is asked for, and says nothing", async () => {
    const said: string[] = [];
    const children = [start(FOREVER)];
    const restart = () => {
      const child = start(FOREVER);
      children.push(child);
      return child;
    };
    const [first = restart()] = children;
    const supervised = supervise({ name: "sidecar", first, restart, say: (text) => said.push(text) });
    await supervised.restart(1_000);
    await supervised.restart(1_000);
    await supervised.end(1_000);
    expect(children).toHaveLength(3);
    expect(children.filter(({ pid = 0 }) => processStart(pid) !== null)).toEqual([]);
    expect(said).toEqual([]);
  });
});

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { describeEnding, startChild } from "../../../src/cli/up/child.ts";
import { processStart } from "../../../src/log/postgres/process-table.ts";

const node = process.execPath;

/** Starts a script and resolves with its first line of output. */
async function startScript(script: string) {
  const { promise: firstLine, resolve } = Promise.withResolvers<string>();
  const child = startChild({ command: node, args: ["-e", script], env: process.env, onLine: resolve });
  return { child, firstLine: await firstLine };
}

describe("startChild()", () => {
  it("keeps the last lines of both outputs and writes them to the log file", async () => {
    const logFile = join(await mkdtemp(join(tmpdir(), "signalbox-child-")), "logs", "x.log");
    const script = "console.log('one'); console.error('two'); process.exitCode = 3";
    const child = startChild({ command: node, args: ["-e", script], env: process.env, logFile });
    expect(describeEnding(await child.ended)).toBe("exit code 3");
    expect([...child.lastLines()].sort()).toEqual(["one", "two"]);
    await expect.poll(() => readFileSync(logFile, "utf8").split("\n").sort()).toEqual(["", "one", "two"]);
  });

  it.each(["a file in the way of the folder", "a folder in the way of the file"])(
    "goes on without a log that cannot be written, and says so once: %s",
    async (way) => {
      const folder = await mkdtemp(join(tmpdir(), "signalbox-child-"));
      const inTheWay = join(folder, "x.log");
      if (way.startsWith("a file")) writeFileSync(inTheWay, "");
      else mkdirSync(inTheWay);
      const logFile = way.startsWith("a file") ? join(inTheWay, "x.log") : inTheWay;
      const onLogError = vi.fn<(error: unknown) => void>();
      const script = "console.log('one'); setTimeout(() => console.log('two'), 100)";
      const args = ["-e", script];
      const child = startChild({ command: node, args, env: process.env, logFile, onLogError });
      expect(describeEnding(await child.ended)).toBe("exit code 0");
      expect(child.lastLines()).toEqual(["one", "two"]);
      expect(onLogError).toHaveBeenCalledOnce();
    },
  );

  it("gives the reason where a program does not exist", async () => {
    const child = startChild({ command: "/nonexistent/program", args: [], env: {} });
    expect(describeEnding(await child.ended)).toContain("ENOENT");
    expect((await child.stop(10)).error).not.toBeNull();
  });

  it("stop() kills one that ignores the request, after the grace", async () => {
    const { child } = await startScript(
      "process.on('SIGTERM', () => {}); setInterval(() => {}, 1e6); console.log('up')",
    );
    expect(describeEnding(await child.stop(50))).toBe("signal SIGKILL");
  });

  it("stop() leaves no grandchild that ignores the request", async () => {
    const { child, firstLine } = await startScript(`
      const { spawn } = require("node:child_process");
      const ignore = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1e6); console.log('up')";
      const grandchild = spawn(process.execPath, ["-e", ignore], { stdio: ["ignore", "pipe", "ignore"] });
      grandchild.stdout.once("data", () => console.log(grandchild.pid));
      process.on("SIGTERM", () => process.exit(0));
    `);
    const grandchild = Number(firstLine);
    expect(processStart(grandchild)).not.toBeNull();
    await child.stop(5_000);
    await expect.poll(() => processStart(grandchild)).toBeNull();
  });
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, it } from "vitest";
import { until } from "../support/until.ts";

const moduleUrl = new URL("../../scripts/run-folder.ts", import.meta.url).href;

/** Runs a program that uses the folder and leaves something there; `script` goes on in it. */
async function runWithFolder(script: string) {
  const outer = mkdtempSync(join(tmpdir(), "outer-"));
  const program = `
    const { useFolderOfRun } = await import(${JSON.stringify(moduleUrl)});
    const { mkdirSync } = await import("node:fs");
    useFolderOfRun();
    mkdirSync(process.env.TMPDIR + "/left/behind", { recursive: true });
    console.log(process.env.TMPDIR);
    ${script}`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    env: { ...process.env, TMPDIR: outer },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  const [folder]: string[] = await once(createInterface({ input: child.stdout }), "line");
  if (folder === undefined) throw new Error("Cannot go on: found no folder, expected its path in a line");
  return { child, folder, outer, ended };
}

describe("useFolderOfRun()", () => {
  it.each(["SIGINT", "SIGKILL"] as const)("leaves nothing after %s", async (signal) => {
    const { child, folder, outer } = await runWithFolder("setInterval(() => {}, 1000);");
    expect(folder.startsWith(outer)).toBe(true);
    expect(statSync(folder).mode & 0o777).toBe(0o711);
    expect(existsSync(join(folder, "left", "behind"))).toBe(true);
    child.kill(signal);
    await until(() => !existsSync(folder));
  });

  it("leaves nothing after an end of its own, which it does not put off", async () => {
    const { folder, ended } = await runWithFolder("");
    expect(await ended).toEqual([0, null]);
    await until(() => !existsSync(folder));
  });

  it("takes the folder of the run that it is a part of", async () => {
    const again =
      "const before = process.env.TMPDIR; useFolderOfRun(); process.exit(process.env.TMPDIR === before ? 0 : 1);";
    const { ended } = await runWithFolder(again);
    expect(await ended).toEqual([0, null]);
  });
});

import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { startChild } from "../../../src/cli/up/child.ts";
import { openChildRecord, stopLeftovers } from "../../../src/cli/up/child-record.ts";
import { lockFolder } from "../../../src/cli/up/folder-lock.ts";
import { keptSecret } from "../../../src/cli/up/kept-secret.ts";
import { processStart } from "../../../src/log/postgres/process-table.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "signalbox-state-"));
});
const silent = { line: () => {}, status: () => {} };
const start = () =>
  startChild({ command: process.execPath, args: ["-e", "setInterval(() => {}, 1e6)"], env: process.env });

describe("keptSecret()", () => {
  it("makes a secret that only its owner reads, and gives the same one ever after", () => {
    const file = join(folder, "key");
    const secret = keptSecret(file, "sk-");
    expect(secret).toMatch(/^sk-[0-9a-f]{48}$/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(keptSecret(file, "sk-")).toBe(secret);
    expect(readdirSync(folder)).toEqual(["key"]);
  });

  it.each(["", "\n"])("makes a new one where the file holds none: %j", (content) => {
    const file = join(folder, "key");
    writeFileSync(file, content);
    const secret = keptSecret(file, "sk-");
    expect(secret).toMatch(/^sk-[0-9a-f]{48}$/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(keptSecret(file, "sk-")).toBe(secret);
  });
});

describe("stopLeftovers()", () => {
  it("kills what the record names and names it", async () => {
    const file = join(folder, "children.json");
    const child = start();
    openChildRecord(file).add("sidecar", child.pid);
    expect(await stopLeftovers(file)).toEqual(["sidecar"]);
    expect((await child.ended).signal).toBe("SIGKILL");
    expect(await stopLeftovers(file)).toEqual([]);
  });

  it("spares a process that merely has the same id", async () => {
    const file = join(folder, "children.json");
    const child = start();
    writeFileSync(file, JSON.stringify([{ name: "sidecar", pid: child.pid, start: "another boot:1" }]));
    expect(await stopLeftovers(file)).toEqual([]);
    expect(processStart(child.pid ?? 0)).not.toBeNull();
    await child.stop(1_000);
  });

  it("finds nothing in a record that was cut short", async () => {
    const file = join(folder, "children.json");
    writeFileSync(file, '[{"name":"si');
    expect(await stopLeftovers(file)).toEqual([]);
  });
});

describe("lockFolder()", () => {
  const waiting = { terminal: silent, signal: undefined };

  it("waits for a living holder and takes over from a dead one", async () => {
    const unlock = await lockFolder(folder, "x.lock", waiting);
    const second = lockFolder(folder, "x.lock", waiting);
    const winner = await Promise.race([
      second.then(() => "second"),
      new Promise((r) => setTimeout(r, 100, "nobody")),
    ]);
    expect(winner).toBe("nobody");
    unlock();
    (await second)();
    const child = start();
    const started = processStart(child.pid ?? 0);
    await child.stop(1_000);
    writeFileSync(join(folder, "x.lock"), `${child.pid} ${started}`);
    await lockFolder(folder, "x.lock", waiting);
    expect(readFileSync(join(folder, "x.lock"), "utf8")).toBe(`${process.pid} ${processStart(process.pid)}`);
  });

  it.each([`${process.pid} another boot:1`, `${process.pid}`])(
    "takes over from a holder whose id another process has by now: %s",
    async (content) => {
      writeFileSync(join(folder, "x.lock"), content);
      (await lockFolder(folder, "x.lock", waiting))();
    },
    2_000,
  );

  it("ends its waiting when it is told to", async () => {
    const unlock = await lockFolder(folder, "x.lock", waiting);
    const ended = lockFolder(folder, "x.lock", { terminal: silent, signal: AbortSignal.timeout(50) });
    await expect(ended).rejects.toThrow();
    unlock();
  });
});

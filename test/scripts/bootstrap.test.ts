import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "../..");
const BIN = join(ROOT, "node_modules", ".bin");

it("runOnOwnNode() gives the tools of its program the own Node, whatever the machine has", () => {
  mkdirSync(join(ROOT, ".signalbox"), { recursive: true });
  const folder = mkdtempSync(join(ROOT, ".signalbox", "bootstrap-"));
  try {
    const entry = join(folder, "entry.ts");
    writeFileSync(
      entry,
      `import { execFileSync } from "node:child_process";
       process.stdout.write(execFileSync("node", ["-p", "process.versions.node"]));`,
    );
    const runner = join(folder, "run.mjs");
    const bootstrap = JSON.stringify(join(ROOT, "scripts", "bootstrap.mjs"));
    const relative = JSON.stringify(entry.slice(ROOT.length + 1));
    writeFileSync(runner, `import { runOnOwnNode } from ${bootstrap}; await runOnOwnNode(${relative});`);
    // A machine whose `node` is another one: here, none at all.
    const PATH = (process.env.PATH ?? "")
      .split(delimiter)
      .filter((part) => part !== BIN)
      .concat(tmpdir())
      .join(delimiter);
    const printed = execFileSync(process.execPath, [runner], {
      env: { ...process.env, PATH },
      encoding: "utf8",
    });
    expect(printed.trim()).toBe(process.versions.node);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

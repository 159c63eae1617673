import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { findPython } from "../../../src/cli/up/find-python.ts";
import { ensurePythonEnv } from "../../../src/cli/up/python-env.ts";

let folder = "";
let requirements = "";
let said: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "signalbox-python-"));
  requirements = join(folder, "requirements.txt");
  writeFileSync(requirements, "# nothing to install\n");
  said = [];
});

const ensure = (files = [requirements]) =>
  ensurePythonEnv({
    stateDir: join(folder, "state"),
    requirements: files,
    env: process.env,
    terminal: { line: (text) => said.push(text), status: () => {} },
  });

describe("ensurePythonEnv()", () => {
  it("makes the environment once and leaves it alone afterwards", { timeout: 120_000 }, async () => {
    const bin = await ensure();
    expect(said[0]).toContain("Creating a Python 3.");
    said = [];
    expect(await ensure()).toBe(bin);
    expect(said).toEqual([]);

    // Interrupted: the stamp is written last.
    rmSync(join(bin, "..", "requirements.txt.installed"));
    await ensure();
    expect(said[0]).toContain("Creating a Python 3.");

    writeFileSync(requirements, "no-such-package==1.0 --hash=sha256:00\n");
    const failed = ensure();
    await expect(failed).rejects.toThrow(`Cannot install ${requirements}: exit code 1`);
    expect(readFileSync(join(folder, "state", "logs", "pip.log"), "utf8")).toContain("no-such-package");
  });
});

describe("findPython()", () => {
  const python = (name: string, answer: string) => {
    const file = join(folder, name);
    writeFileSync(file, `#!/bin/sh\necho "${answer}"\n`);
    chmodSync(file, 0o755);
  };

  it("takes the first Python that is new enough", () => {
    python("python3", "3 9 1 /old");
    python("python3.12", "3 12 1 /usr/bin/python3.12");
    expect(findPython({ PATH: folder })).toMatchObject({ path: "/usr/bin/python3.12", version: "3.12" });
  });

  it("names each Python that was found, and Debian's package where only venv is missing", () => {
    python("python3", "3 11 0 /usr/bin/python3");
    python("python3.10", "2 7 1 /usr/bin/python2");
    expect(() => findPython({ PATH: folder })).toThrow(
      "Cannot set up LiteLLM: python3 is 3.11 without venv or ensurepip, python3.10 is 2.7, " +
        "expected Python 3.10 to 3.14 with venv.\n" +
        "Install the missing part (Debian: apt-get install python3-venv, or python3.11-venv).",
    );
  });

  it("says what to install where there is no Python", () => {
    expect(() => findPython({ PATH: folder })).toThrow(
      /no Python found on PATH.*\n.*apt-get install python3 /,
    );
  });
});

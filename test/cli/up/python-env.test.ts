import {
  appendFileSync,
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
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

describe("ensurePythonEnv() where an environment is there", () => {
  /** Makes environments that are enough for this: scripts in the place of Python, and pip that installs nothing. */
  const PYTHON = `#!/bin/sh
if [ "$1" = -c ]; then echo "3 12 1 $0"; exit; fi
mkdir -p "$3/bin"
echo "version = 3.12.1" > "$3/pyvenv.cfg"
cp "$(dirname "$0")/venv-python" "$3/bin/python"
`;
  const script = (file: string, text: string) => {
    writeFileSync(file, text);
    chmodSync(file, 0o755);
  };
  const upgrade = (version: string) => `#!/bin/sh\n[ "$1" = -V ] && echo "Python ${version}"\nexit 0\n`;
  const ensureWith = (state: string) =>
    ensurePythonEnv({
      stateDir: join(folder, state),
      requirements: [requirements],
      env: { PATH: `${folder}:/usr/bin:/bin` },
      terminal: { line: (text) => said.push(text), status: () => {} },
    });
  const rebuilt = async (state: string) => {
    said = [];
    await ensureWith(state);
    return said.some((line) => line.startsWith("Creating a Python 3.12 environment"));
  };
  const venvOf = (state: string) => join(folder, state, "venv");

  beforeEach(async () => {
    script(join(folder, "python3"), PYTHON);
    script(join(folder, "venv-python"), upgrade("3.12.1"));
    await ensureWith("state");
  });

  it("leaves it alone, also by a link, and under a newer Python of the same minor version", async () => {
    mkdirSync(join(folder, "linked"));
    symlinkSync(venvOf("state"), venvOf("linked"));
    expect(await rebuilt("linked")).toBe(false);
    script(join(venvOf("state"), "bin", "python"), upgrade("3.12.9"));
    expect(await rebuilt("state")).toBe(false);
  });

  it("makes it anew where it was moved or copied, and believes that one", async () => {
    cpSync(join(folder, "state"), join(folder, "copied"), { recursive: true });
    expect(await rebuilt("copied")).toBe(true);
    renameSync(join(folder, "state"), join(folder, "moved"));
    expect(await rebuilt("moved")).toBe(true);
    expect(await rebuilt("moved")).toBe(false);
  });

  it("makes it anew where its Python is gone or another one, and where a link to it leads nowhere", async () => {
    const python = join(venvOf("state"), "bin", "python");
    rmSync(python);
    symlinkSync(join(folder, "gone"), python);
    expect(await rebuilt("state")).toBe(true);
    script(python, upgrade("3.13.0"));
    expect(await rebuilt("state")).toBe(true);
    mkdirSync(join(folder, "linked"));
    symlinkSync(join(folder, "gone"), venvOf("linked"));
    expect(await rebuilt("linked")).toBe(true);
  });

  it("knows by pyvenv.cfg where one was made that does not say so itself", async () => {
    rmSync(join(venvOf("state"), "made-at"));
    const config = join(venvOf("state"), "pyvenv.cfg");
    appendFileSync(config, `command = /usr/bin/python3 -m venv ${venvOf("state")}\n`);
    expect(await rebuilt("state")).toBe(false);
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

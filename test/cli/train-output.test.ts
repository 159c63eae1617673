import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeArtifact } from "../../src/classify/ml/write-artifact.ts";
import { openTrainOutput } from "../../src/cli/train-output.ts";
import { tinyArtifact } from "../classify/ml/tiny-artifact.ts";
import { makeReadOnly } from "../support/faults/failing-disk.ts";
import { runCli } from "../support/run-cli.ts";
import { POLICY } from "../support/sidecar-app.ts";

const SHIPPED = join(import.meta.dirname, "..", "..", "artifacts", "complexity.json");
const before = process.cwd();
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "signalbox-train-output-"));
  mkdirSync(join(folder, "conf", "artifacts"), { recursive: true });
  writeFileSync(join(folder, "used.json"), "in use");
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

const open = (out?: string) =>
  openTrainOutput(out, {
    date: "2026-01-31",
    kept: { inUse: join(folder, "used.json"), gateway: "gateway.yaml", data: "data.jsonl" },
  });

describe("openTrainOutput() without a name", () => {
  it("writes to a name of the day that is free, and to no other", () => {
    mkdirSync("artifacts");
    symlinkSync("nowhere.json", "artifacts/own-2026-01-31-2.json");
    const names = ["first", "second", "third"].map((text) => open().write(text));
    expect(names).toEqual([
      "artifacts/own-2026-01-31.json",
      "artifacts/own-2026-01-31-3.json",
      "artifacts/own-2026-01-31-4.json",
    ]);
    expect(names.map((name) => readFileSync(name, "utf8"))).toEqual(["first", "second", "third"]);
  });

  it("gives two trainings at once a name each", () => {
    const [one, other] = [open(), open()];
    const names = [one.write("one")];
    one.discard();
    names.push(other.write("other"));
    other.discard();
    expect(names.map((name) => readFileSync(name, "utf8"))).toEqual(["one", "other"]);
    expect(readdirSync("artifacts")).toHaveLength(2);
  });

  it("leaves no file where nothing is written", () => {
    open().discard();
    expect(readdirSync("artifacts")).toEqual([]);
  });
});

describe("openTrainOutput() with a name", () => {
  it("replaces that file, at once, with what a killed training left gone", () => {
    writeFileSync("mine.json", "old");
    writeFileSync("mine.json.partial", "what a killed training left, which is longer");
    const output = open("mine.json");
    expect(readFileSync("mine.json", "utf8")).toBe("old");
    expect(readFileSync("mine.json.partial", "utf8")).toBe("");
    expect(output.write("new")).toBe("mine.json");
    output.discard();
    expect(readFileSync("mine.json", "utf8")).toBe("new");
    expect(readdirSync(".").filter((name) => name.startsWith("mine"))).toEqual(["mine.json"]);
  });

  it("leaves the file that was there where nothing is written", () => {
    writeFileSync("mine.json", "old");
    open("mine.json").discard();
    expect(readFileSync("mine.json", "utf8")).toBe("old");
  });

  it("refuses the file that is in use, by whatever links, and leaves it alone", () => {
    symlinkSync("used.json", "link.json");
    symlinkSync(".", "here");
    for (const path of ["used.json", "./conf/../used.json", "link.json", "here/link.json"])
      expect(() => open(path), path).toThrow(
        `Cannot write ${path}: found the classifier that gateway.yaml uses`,
      );
    expect(readFileSync("used.json", "utf8")).toBe("in use");
    expect(readdirSync(".").filter((name) => name.endsWith(".partial"))).toEqual([]);
  });

  it.each([
    ["gateway.yaml", "found a file that is read"],
    ["data.jsonl", "found a file that is read"],
    ["conf", "found something that is no regular file"],
    ["gateway.yaml/mine.json", "EEXIST"],
    ["blocked.json", "EISDIR"],
  ])("refuses %s: %s", (path, problem) => {
    for (const file of ["gateway.yaml", "data.jsonl"]) writeFileSync(file, "kept");
    mkdirSync("blocked.json.partial");
    expect(() => open(path)).toThrow(`Cannot write ${path}: ${problem}`);
    expect(readFileSync("gateway.yaml", "utf8")).toBe("kept");
  });

  it("refuses a folder where it may make no file", ({ skip }) => {
    mkdirSync("closed");
    const reopen = makeReadOnly("closed");
    if (reopen === null) return skip();
    try {
      expect(() => open("closed/mine.json")).toThrow("Cannot write closed/mine.json: ");
    } finally {
      reopen();
    }
  });
});

describe("signalbox train --out", () => {
  const train = (...args: string[]) =>
    runCli(["train", "--data", "not-read.jsonl", ...args], {
      env: { SIGNALBOX_CONFIG: "conf/gateway.yaml" },
      cwd: folder,
    });

  it.each([
    ["as gateway.yaml names it, from its folder on", "ml", "conf/artifacts/own.json"],
    ["also where its strategy does not ask it", "static", "conf/artifacts/own.json"],
    ["by a link", "ml", "link.json"],
  ])("refuses the classifier in use before anything is read, %s", async (_how, strategy, out) => {
    const classifier = `{strategy: ${strategy}, ml: {artifact: artifacts/current.json}}`;
    writeFileSync("conf/artifacts/own.json", writeArtifact(tinyArtifact()));
    symlinkSync("own.json", "conf/artifacts/current.json");
    symlinkSync("conf/artifacts/current.json", "link.json");
    writeFileSync("conf/gateway.yaml", POLICY.replace("{strategy: static}", classifier));
    const { code, stderr } = await train("--out", out);
    expect(stderr).toContain(`Cannot write ${out}: found the classifier that conf/gateway.yaml uses`);
    expect(code).toBe(2);
  });

  it("refuses the classifier that ships where gateway.yaml names none", async () => {
    writeFileSync("conf/gateway.yaml", POLICY);
    const { code, stderr } = await train("--out", SHIPPED);
    expect(stderr).toContain(`Cannot write ${SHIPPED}: found the classifier that conf/gateway.yaml uses`);
    expect(code).toBe(2);
  });

  it("refuses a folder that cannot be written before anything is read", async () => {
    writeFileSync("conf/gateway.yaml", POLICY);
    writeFileSync("artifacts", "a file");
    for (const args of [[], ["--out", "artifacts/mine.json"]]) {
      const { code, stderr } = await train(...args);
      expect(stderr).toMatch(/Cannot write artifacts\/.*\.json: E/);
      expect(stderr).not.toContain("not-read.jsonl");
      expect(code).toBe(2);
    }
  });

  it("leaves no draft where the data cannot be read", async () => {
    writeFileSync("conf/gateway.yaml", POLICY);
    const { code, stderr } = await train("--out", "mine.json");
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining("Cannot read not-read.jsonl"),
    });
    expect(readdirSync(".").filter((name) => name.startsWith("mine"))).toEqual([]);
  });
});

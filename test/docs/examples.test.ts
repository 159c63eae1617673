import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { formatProblem, loadPolicyText } from "../../src/policy/load.ts";
import { readFences } from "../support/markdown.ts";
import { runCli } from "../support/run-cli.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const FILES = ["README.md", ...readdirSync(join(ROOT, "docs")).map((name) => `docs/${name}`)];
const EXAMPLES = FILES.filter((file) => file.endsWith(".md")).flatMap((file) =>
  readFences(readFileSync(join(ROOT, file), "utf8"))
    .filter(({ language }) => language === "yaml")
    .map(({ text, line }) => ({ title: `${file}:${line}`, text })),
);

describe("YAML examples of the documentation", () => {
  it("are found", () => {
    expect(EXAMPLES.length).toBeGreaterThan(1);
  });

  it.each(EXAMPLES)("$title loads", ({ text }) => {
    if (text.startsWith("# litellm-config.yaml")) {
      expect(Object.keys(parse(text))).not.toContain("routing");
      return;
    }
    const result = loadPolicyText(text, { file: "example", env: {} });
    const problems = result.ok ? result.policy.warnings : result.problems;
    expect(problems.map(formatProblem)).toEqual([]);
  });
});

describe("README.md", () => {
  it("shows what `signalbox route` prints under the shipped gateway.yaml", async () => {
    const fences = readFences(readFileSync(join(ROOT, "README.md"), "utf8"));
    const at = fences.findIndex(({ text }) => text.includes("signalbox.mjs route"));
    const [, prompt] = /route "(.+)"/.exec(fences[at]?.text ?? "") ?? [];
    const { stdout } = await runCli(["route", prompt ?? ""], {
      env: { SIGNALBOX_CONFIG: join(ROOT, "gateway.yaml") },
    });
    const shown = fences[at + 1]?.text.replace(/\.\.\.$/, "") ?? "nothing";
    expect(shown.length).toBeGreaterThan(50);
    expect(stdout.slice(0, shown.length)).toBe(shown);
  });
});

describe("links of the documentation", () => {
  const links = FILES.filter((file) => file.endsWith(".md")).flatMap((file) => {
    const text = readFileSync(join(ROOT, file), "utf8");
    return [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target]) => ({
      file,
      target: target ?? "",
    }));
  });

  it.each(links)("$file leads to $target", ({ file, target }) => {
    const folder = join(ROOT, file, "..");
    const parent = readdirSync(join(folder, target, ".."));
    expect(parent).toContain(target.replace(/\/$/, "").split("/").at(-1));
  });
});

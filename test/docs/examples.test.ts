import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { runCases } from "../../src/cli/run-cases.ts";
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

describe("what `signalbox route` prints under the shipped gateway.yaml", () => {
  it.each(["README.md", "docs/classifiers.md"])("is as %s shows it", async (file) => {
    const fences = readFences(readFileSync(join(ROOT, file), "utf8"));
    const at = fences.findIndex(({ text }) => text.includes("signalbox.mjs route"));
    const [, , prompt] = /route (["'])(.+)\1/.exec(fences[at]?.text ?? "") ?? [];
    const { stdout } = await runCli(["route", prompt ?? ""], {
      env: { SIGNALBOX_CONFIG: join(ROOT, "gateway.yaml") },
    });
    const shown = fences[at + 1]?.text.split("\n").filter((line) => line !== "..." && line !== "") ?? [];
    expect(shown.length).toBeGreaterThan(2);
    const printed = stdout.split("\n");
    expect(printed.filter((line) => shown.includes(line))).toEqual(shown);
  });
});

describe("docs/explain.md", () => {
  it("shows what the shipped classifier says of its first example", async () => {
    const text = readFileSync(join(ROOT, "docs/explain.md"), "utf8");
    const [, shown = "none"] = /^( {2}classify .*?)^ {2}turns/ms.exec(text) ?? [];
    const { stdout } = await runCli(["route", "What is in this picture?"], {
      env: { SIGNALBOX_CONFIG: join(ROOT, "gateway.yaml") },
    });
    expect(stdout).toContain(shown);
  });
});

describe("docs/rules.md", () => {
  it("quotes the reason of a decision under its first example", () => {
    const text = readFileSync(join(ROOT, "docs/rules.md"), "utf8");
    const [, reason] = /`(score [^`]+ raised to medium by rule [^`]+)`/.exec(text) ?? [];
    const policy = parse(readFences(text)[0]?.text ?? "");
    const messages = [{ role: "user", content: "What is the capital of France?" }];
    const request = { caller: { team_id: "support" }, body: { model: "auto", messages } };
    const cases = [{ description: "quoted", request, wanted: { reason: reason ?? "none is quoted" } }];
    const [result] = runCases({ path: "docs/rules.md", policy, cases }, () => {
      throw new Error("Cannot decide: found no policy of the example's own, expected one");
    });
    expect(result?.differences).toEqual([]);
  });
});

/** Headings of a file, as GitHub names them in links. */
function anchorsOf(file: string): string[] {
  const outside = readFileSync(file, "utf8").replace(/^\s*```[\s\S]*?^\s*```/gm, "");
  return [...outside.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

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

  const anchors = FILES.filter((file) => file.endsWith(".md")).flatMap((file) => {
    const text = readFileSync(join(ROOT, file), "utf8");
    return [...text.matchAll(/\]\((?!https?:)([^)#]*)#([^)]+)\)/g)].map(([, target = "", anchor = ""]) => ({
      file,
      target: target === "" ? join(ROOT, file) : join(ROOT, file, "..", target),
      anchor,
    }));
  });

  it.each(anchors)("$file leads to a heading #$anchor", ({ target, anchor }) => {
    expect(anchorsOf(target)).toContain(anchor);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { writeArtifact } from "../../src/classify/ml/write-artifact.ts";
import { createSnapshot } from "../../src/compose.ts";
import { formatProblem, loadPolicyText } from "../../src/policy/load.ts";
import { tinyArtifact } from "../classify/ml/tiny-artifact.ts";
import { POLICY } from "../support/sidecar-app.ts";

const folder = mkdtempSync(join(tmpdir(), "signalbox-artifact-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, "gateway.yaml");

const load = (classifier: string) =>
  loadPolicyText(POLICY.replace("{strategy: static}", classifier), { file, env: {} });

function problemsOf(classifier: string): readonly string[] {
  const result = load(classifier);
  return result.ok
    ? []
    : result.problems.map((problem) => formatProblem({ ...problem, file: "gateway.yaml" }));
}

describe("loadPolicyText() loads a trained classifier", () => {
  test("from the folder of gateway.yaml, and decides with it", () => {
    writeFileSync(join(folder, "own.json"), writeArtifact(tinyArtifact()));
    const result = load("{strategy: ml, ml: {artifact: own.json}}");
    if (!result.ok) throw new Error("refused");
    const { digest } = result.policy.classifier.ml.loaded ?? { digest: "" };
    expect(createSnapshot(result.policy)).toMatchObject({
      instead: null,
      classifierRevision: `ml-${digest}`,
    });
  });

  test("that ships, where the file names none", () => {
    const result = load("{strategy: ml}");
    expect(result.ok && result.policy.classifier.ml.loaded?.artifact.training.rows).toBeGreaterThan(10_000);
  });

  test("whose training tells when a cascade asks, unless the file does", () => {
    const tiny = tinyArtifact();
    const options = { ...tiny.training.options, cascade_confidence: 0.12 };
    const trained = { ...tiny, training: { ...tiny.training, options } };
    writeFileSync(join(folder, "trained.json"), writeArtifact(trained));
    const threshold = (classifier: string) => {
      const result = load(classifier);
      return result.ok ? result.policy.classifier.threshold : null;
    };
    expect(threshold("{strategy: cascade, ml: {artifact: trained.json}}")).toBe(0.12);
    expect(threshold("{strategy: cascade, ml: {artifact: trained.json}, threshold: 0.4}")).toBe(0.4);
    expect(threshold("{strategy: cascade}")).toBe(0.3);
  });

  test("whose training found that it never pays to ask, and warns of a cascade", () => {
    const tiny = tinyArtifact();
    const options = { ...tiny.training.options, cascade_confidence: 0 };
    const trained = { ...tiny, training: { ...tiny.training, options } };
    writeFileSync(join(folder, "sure.json"), writeArtifact(trained));
    const llm = 'llm: {api_base: "http://127.0.0.1:11434", model: tiny}';
    const warnings = (more: string) => {
      const result = load(`{strategy: cascade, ml: {artifact: sure.json}, ${llm}${more}}`);
      return result.ok ? result.policy.warnings.map(({ message }) => message) : null;
    };
    expect(warnings("")).toEqual([
      expect.stringContaining("a threshold of 0, as its training found: the LLM is"),
    ]);
    expect(warnings(", threshold: 0.3")).toEqual([]);
  });

  test("whose content is part of the revision", () => {
    writeFileSync(join(folder, "a.json"), writeArtifact(tinyArtifact()));
    writeFileSync(join(folder, "b.json"), writeArtifact(tinyArtifact({ meaning: "another one" })));
    const revision = (name: string) => {
      const result = load(`{strategy: ml, ml: {artifact: ${name}}}`);
      return result.ok ? result.policy.revision : "";
    };
    expect(revision("a.json")).not.toBe(revision("b.json"));
    expect(revision("a.json")).toBe(revision("a.json"));
  });

  test.each([
    ["that is not there", "gone.json", "gone.json: found no such file, expected a trained classifier"],
    ["that is a folder", ".", ".: found something that is no regular file, expected a file"],
  ])("and refuses one %s", (_what, artifact, problem) => {
    expect(problemsOf(`{strategy: ml, ml: {artifact: "${artifact}"}}`)).toEqual([
      `gateway.yaml:12: routing.classifier.ml.artifact: ${problem}`,
    ]);
  });

  test("and refuses one for other features", () => {
    writeFileSync(join(folder, "old.json"), writeArtifact(tinyArtifact({ feature_version: "0" })));
    expect(problemsOf("{strategy: cascade, ml: {artifact: old.json}}")).toEqual([
      'gateway.yaml:12: routing.classifier.ml.artifact: old.json: found a classifier for features of version "0", expected version "2": train it anew',
    ]);
  });

  test("and refuses one that is too large", () => {
    writeFileSync(join(folder, "large.json"), " ".repeat(5_000_000));
    expect(problemsOf("{strategy: ml, ml: {artifact: large.json}}")).toEqual([
      "gateway.yaml:12: routing.classifier.ml.artifact: large.json: found 5000000 bytes, expected at most 4194304",
    ]);
  });

  test("only where the strategy needs one", () => {
    expect(problemsOf("{strategy: static, ml: {artifact: gone.json}}")).toEqual([]);
  });
});

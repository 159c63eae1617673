import { isUtf8 } from "node:buffer";
import { readFileSync, statSync } from "node:fs";
import { loadArtifact } from "./artifact-file.ts";
import { checkAliases } from "./check-aliases.ts";
import { checkRules } from "./check-rules.ts";
import { checkTiers } from "./check-tiers.ts";
import { checkTraits } from "./check-traits.ts";
import { type CompileInput, compilePolicy } from "./compile.ts";
import { type Environment, type Optional, resolveEnvironment } from "./environment.ts";
import { deepFreeze } from "./freeze.ts";
import { compileGlob, compileWildcard, MAX_PATTERN_CHARS } from "./glob.ts";
import { lint } from "./lint.ts";
import { type ModelList, readModelList } from "./model-list.ts";
import type { Policy, Problem } from "./policy.ts";
import { MAX_FILE_BYTES, readYaml, tooLarge } from "./read-yaml.ts";
import { Report } from "./report.ts";
import { revisionOf } from "./revision.ts";
import { type Routing, routingSchema } from "./schema.ts";
import { reportIssues } from "./schema-problems.ts";
import { childOf, entriesOf, itemsOf, type MappingNode, type SourceNode, textOf, toPlain } from "./source.ts";
import { checkModel, type TargetNames } from "./targets.ts";

/** A policy, or everything that is wrong with the file. Warnings are in `policy.warnings`. */
export type LoadResult =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** What a file without an error says. Plain data, so that the thread that checked it can hand it over. */
export interface CheckedFile extends CompileInput {
  readonly routing: Routing;
  readonly warnings: readonly Problem[];
  /** Digest of the whole of `model_list`, what routing does not read included. */
  readonly modelListRevision: string;
}

/** A file that was checked, or everything that is wrong with it. */
export type CheckResult =
  | { readonly ok: true; readonly checked: CheckedFile }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads and checks gateway.yaml. Total: whatever is wrong with the file is a problem, nothing is thrown. */
export function loadPolicyFile(path: string, env: Environment): LoadResult {
  return toLoaded(checkPolicyFile(path, env));
}

/**
 * Checks the text of a gateway.yaml, loads its trained classifier, and compiles it. Total: never throws on any text.
 *
 * @param options.file name of the file in problems; the classifier's path goes from its folder on
 * @param options.env variables that `os.environ/VAR` in `routing` stands for
 */
export function loadPolicyText(
  text: string,
  options: { readonly file: string; readonly env: Environment },
): LoadResult {
  return toLoaded(checkPolicyText(text, options));
}

/** The first half of `loadPolicyFile()`, which takes nearly all of its time. Total. */
export function checkPolicyFile(path: string, env: Environment): CheckResult {
  const file = readPolicyText(path);
  if ("problem" in file) return refuse(path, file.problem);
  return checkPolicyText(file.text, { file: path, env });
}

/** The first half of `loadPolicyText()`. Pure and total. */
export function checkPolicyText(
  text: string,
  { file, env }: { readonly file: string; readonly env: Environment },
): CheckResult {
  const { root, report } = readYaml(text, file);
  if (root === null) return { ok: false, problems: report.errors };
  if (root.kind !== "mapping") {
    const found =
      root.kind === "list"
        ? "a list"
        : text.trim() === "" || root.value === null
          ? "an empty file"
          : "plain text";
    return refuse(file, `found ${found}, expected a mapping with model_list and routing`);
  }
  return check(root, { file, env, report });
}

/** The second half: makes the policy of a file that was checked. */
export function compileChecked({ routing, modelList, off, loaded, ...rest }: CheckedFile): Policy {
  return deepFreeze({ ...compilePolicy(routing, { modelList, off, loaded }), ...rest });
}

function toLoaded(result: CheckResult): LoadResult {
  return result.ok ? { ok: true, policy: compileChecked(result.checked) } : result;
}

/** `gateway.yaml:12: routing.mode: found "on", expected one of enforce, shadow, off`; a warning says so. */
export function formatProblem({ severity, file, path, line, message }: Problem): string {
  const place = line === null ? file : `${file}:${line}`;
  const kind = severity === "warning" ? "warning: " : "";
  return `${place}: ${kind}${path === "" ? "" : `${path}: `}${message}`;
}

/** Reads the text of a gateway.yaml, or says why it cannot be read. Total. */
export function readPolicyText(path: string): { readonly text: string } | { readonly problem: string } {
  try {
    // Looked at before it is opened: a pipe would block, and a huge file is not read.
    const stat = statSync(path);
    if (stat.isDirectory()) return { problem: "found a directory, expected a file" };
    if (!stat.isFile()) return { problem: "found something that is no regular file, expected a file" };
    if (stat.size > MAX_FILE_BYTES) return { problem: tooLarge(stat.size) };
    return decode(readFileSync(path));
  } catch (error) {
    return { problem: describeReadError(error) };
  }
}

/** Notepad and PowerShell's `>` write UTF-16; older editors write what a country's letters were once. */
function decode(bytes: Uint8Array): { readonly text: string } | { readonly problem: string } {
  const text = new TextDecoder("utf-8").decode(bytes);
  if (!text.includes("\ufffd") || isUtf8(bytes)) return { text };
  const isUtf16 = bytes[0] === 0xff || bytes[0] === 0xfe;
  if (isUtf16) return { problem: "found UTF-16, expected UTF-8 text" };
  const line = text.slice(0, text.indexOf("\ufffd")).split("\n").length;
  return { problem: `found bytes that are not UTF-8, first in line ${line}, expected UTF-8 text` };
}

function describeReadError(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
  if (code === "ENOENT") return "found no such file, expected a gateway.yaml";
  return `found a file that cannot be read (${code}), expected a readable one`;
}

function refuse(file: string, message: string): CheckResult {
  const report = new Report(file, null);
  report.error([], message, null);
  return { ok: false, problems: report.errors };
}

interface Checking {
  readonly file: string;
  readonly env: Environment;
  readonly report: Report;
}

function check(root: MappingNode, { file, env, report }: Checking): CheckResult {
  checkSections(root, report);
  const section = childOf(root, "model_list");
  const modelList = readModelList(section, report);
  const found = checkRouting(root, { env, report, modelList });
  const loaded = found === null ? null : loadArtifact(found.routing.classifier, { file, report });
  if (found === null || report.errors.length > 0) return { ok: false, problems: report.errors };
  const { routing, off } = found;
  const input = { modelList, off, loaded };
  lint(compilePolicy(routing, input), routing, report);
  const modelListRevision = revisionOf(section === undefined ? [] : toPlain(section));
  return { ok: true, checked: { routing, ...input, warnings: report.warnings, modelListRevision } };
}

/** LiteLLM reads the same file through `include`, where a section replaces the main file's whole section. */
function checkSections(root: MappingNode, report: Report): void {
  for (const key of root.entries.keys()) {
    if (key === "model_list" || key === "routing") continue;
    report.error(
      [key],
      `found a section that is neither model_list nor routing${report.suggest(key, ["model_list", "routing"])}, expected it in litellm-config.yaml: LiteLLM's include replaces whole sections`,
    );
  }
}

interface CheckedRouting {
  readonly routing: Routing;
  readonly off: ReadonlySet<Optional>;
}

/** null where `routing` has an error. */
function checkRouting(
  root: MappingNode,
  {
    env,
    report,
    modelList,
  }: { readonly env: Environment; readonly report: Report; readonly modelList: ModelList },
): CheckedRouting | null {
  const section = root.entries.get("routing");
  if (section?.kind !== "mapping") {
    report.unexpected(["routing"], "a mapping: the routing section");
    return null;
  }
  const { node, off } = resolveEnvironment(section, { path: ["routing"], env, report });
  const parsed = routingSchema.safeParse(toPlain(node));
  if (!parsed.success) reportIssues(parsed.error.issues, ["routing"], report);
  const names = targetNames(node, modelList);
  checkTiers(node, names, report);
  checkModel(childOf(node, "baseline_model"), ["routing", "baseline_model"], { names, report });
  checkAliases(node, names, report);
  checkTraits(node, names, report);
  checkRules(node, names, report);
  return parsed.success ? { routing: parsed.data, off } : null;
}

function targetNames(routing: SourceNode, modelList: ModelList): TargetNames {
  const patterns = new Set(textsOf(childOf(routing, "auto_route_patterns")));
  const external = textsOf(childOf(routing, "external_models")).filter(
    (text) => text.length <= MAX_PATTERN_CHARS,
  );
  const aliases = entriesOf(childOf(routing, "aliases")).filter(([, node]) => !isDisabled(node));
  const aliasNames = new Set(aliases.map(([name]) => name));
  return {
    models: new Set(modelList.models.keys()),
    aliases: aliasNames,
    deployments: new Map(
      Array.from(modelList.models.values())
        .filter(({ name }) => !aliasNames.has(name))
        // Of several names the first one.
        .toReversed()
        .map(({ name, deployment }) => [deployment, name]),
    ),
    // The backing of a pattern matches every typo of a target, and is not what was meant.
    globs: [
      ...modelList.wildcards
        .map(({ name }) => compileWildcard(name))
        .filter(({ source }) => !patterns.has(source)),
      ...external.map(compileGlob),
    ],
  };
}

const textsOf = (node: SourceNode | undefined) => itemsOf(node).flatMap((item) => textOf(item) ?? []);

function isDisabled(node: SourceNode): boolean {
  const enabled = childOf(node, "enabled");
  return enabled?.kind === "scalar" && enabled.value === false;
}

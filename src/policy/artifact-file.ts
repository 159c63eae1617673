import { readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import {
  type LoadedArtifact,
  MAX_ARTIFACT_BYTES,
  type ParsedArtifact,
  parseArtifact,
} from "../classify/ml/parse-artifact.ts";
import type { Report } from "./report.ts";
import type { RoutingClassifier } from "./schema.ts";

/** The trained classifier that comes with the program. */
export const SHIPPED_ARTIFACT = join(import.meta.dirname, "..", "..", "artifacts", "complexity.json");

/** Strategies that cannot do without a trained classifier. */
const NEEDS_ARTIFACT: readonly RoutingClassifier["strategy"][] = ["ml", "cascade"];

/**
 * Loads the trained classifier of a policy: the file that it names, from the folder of gateway.yaml on, or the one that
 * ships. One that cannot be used is an error where the strategy needs it; else there is none.
 */
export function loadArtifact(
  { strategy, ml }: RoutingClassifier,
  { file, report }: { readonly file: string; readonly report: Report },
): LoadedArtifact | null {
  const path = artifactPathOf(ml, file);
  const parsed = readArtifact(path);
  if (parsed.ok) return parsed.loaded;
  if (NEEDS_ARTIFACT.includes(strategy)) {
    const message = `${ml.artifact ?? path}: ${parsed.problem}`;
    report.error(["routing", "classifier", "ml", "artifact"], message);
  }
  return null;
}

/** Absolute path of the trained classifier of a gateway.yaml: what it names goes from its folder on. */
export function artifactPathOf({ artifact }: RoutingClassifier["ml"], file: string): string {
  return artifact === undefined ? SHIPPED_ARTIFACT : resolve(dirname(file), artifact);
}

/** The file that was read last, with what it holds: gateway.yaml changes more often than its classifier. */
let last: { readonly text: string; readonly parsed: ParsedArtifact } | null = null;

/** Reads a trained classifier from a file; total. */
export function readArtifact(path: string): ParsedArtifact {
  const file = readText(path);
  if ("problem" in file) return { ok: false, problem: file.problem };
  if (last?.text !== file.text) last = { text: file.text, parsed: parseArtifact(file.text) };
  return last.parsed;
}

function readText(path: string): { readonly text: string } | { readonly problem: string } {
  try {
    const stat = statSync(path);
    if (!stat.isFile()) return { problem: "found something that is no regular file, expected a file" };
    if (stat.size > MAX_ARTIFACT_BYTES)
      return { problem: `found ${stat.size} bytes, expected at most ${MAX_ARTIFACT_BYTES}` };
    return { text: readFileSync(path, "utf8") };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    if (code === "ENOENT") return { problem: "found no such file, expected a trained classifier" };
    return { problem: `found a file that cannot be read (${code}), expected a trained classifier` };
  }
}

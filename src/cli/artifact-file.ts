import type { LoadedArtifact } from "../classify/ml/parse-artifact.ts";
import { readArtifact } from "../policy/artifact-file.ts";
import { CliError, EXIT } from "./cli-error.ts";

/**
 * Loads a trained classifier for a command.
 *
 * @throws {CliError} where it cannot be used.
 */
export function loadArtifactOrFail(path: string): LoadedArtifact {
  const parsed = readArtifact(path);
  if (parsed.ok) return parsed.loaded;
  throw new CliError(EXIT.misused, `Cannot load ${path}: ${parsed.problem}`);
}

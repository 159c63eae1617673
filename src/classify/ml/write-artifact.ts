import type { Artifact } from "./artifact.ts";

/** The text of an artifact's file: the same for the same content, one tree a line. */
export function writeArtifact(artifact: Artifact): string {
  const { trees, numbers } = artifact.model;
  const marks = { trees: "@trees", numbers: "@numbers" };
  const text = JSON.stringify({ ...artifact, model: { ...artifact.model, ...marks } }, null, 2);
  const lines = trees.map((tree) => `      ${JSON.stringify(tree)}`).join(",\n");
  return `${text
    .replace('"@trees"', () => (trees.length === 0 ? "[]" : `[\n${lines}\n    ]`))
    .replace('"@numbers"', () => JSON.stringify(numbers))}\n`;
}

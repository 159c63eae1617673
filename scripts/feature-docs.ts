import { FEATURE_GROUPS, FEATURE_VERSION } from "../src/classify/features/feature-list.ts";
import { describeFamily, MEANINGS } from "./feature-meanings.ts";

/** Features by the group that a trace names. */
type Groups = readonly (readonly [
  group: string,
  features: readonly (readonly [name: string, ...unknown[]])[],
])[];

/** docs/features.md, written from the list that the program reads features by. */
export function featureDocs(): string {
  return describeFeatures(FEATURE_VERSION, FEATURE_GROUPS);
}

/** One table a group, each feature with its place in column `features`. */
export function describeFeatures(version: string, groups: Groups): string {
  let place = 0;
  const sections = groups.map(([group, features]) => {
    const rows = features.map(([name]) => {
      const [unit, meaning] = Object.hasOwn(MEANINGS, name)
        ? (MEANINGS[name] ?? describeFamily(name))
        : describeFamily(name);
      const row = `| ${place} | \`${name}\` | ${unit} | ${meaning} |`;
      place += 1;
      return row;
    });
    const title = `## ${group.charAt(0).toUpperCase()}${group.slice(1)}`;
    return [title, "", "| place | feature | unit | what |", "|---:|---|---|---|", ...rows].join("\n");
  });
  return `${[headOf(version, place), ...sections].join("\n\n")}\n`;
}

function headOf(version: string, features: number): string {
  return `# Features

<!-- Written by scripts/generate-docs.ts from the list that the program reads features by. -->

What a trained classifier reads of each request beside its words: ${features} numbers, version ${version}. They are column \`features\` of the
log in this order, counted from 0, and \`feature_version\` beside them says which version they are. Rows of another version are no data for
a model of this one: a feature may have been added, moved, or read in another way.

Read is the newest human turn without its courtesies. Characters and lines are those of at most 16,000 UTF-16 code units of it, 30 %
from its head and the rest from its tail, words those of its first and last 1,000; so a number may be of a part, \`chars\` is of the whole. All are finite and not below 0: three
decimals below 4,096, whole numbers up to 16,777,216.`;
}

/**
 * Finds what ties the project to one machine: absolute paths of a home or a workspace, package registries by
 * name, `resolved` addresses in the lock file. Ends with code 1 and the places.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Each source is cut in two so that this file does not find itself. */
const FORBIDDEN: readonly (readonly [RegExp, string])[] = [
  [
    new RegExp("(?<![\\w.$}/-])/(?:wo" + "rk|ro" + "ot|ho" + "me/\\w+|Us" + "ers/\\w+)(?=[/\"'`\\s]|$)"),
    "a path of one machine",
  ],
  [
    new RegExp("registry\\.np" + "mjs\\.org|files\\.python" + "hosted\\.org|py" + "pi\\.org/simple"),
    "a package registry",
  ],
  [new RegExp('"reso' + 'lved"\\s*:'), "an address of a package registry"],
];

const files = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
  encoding: "utf8",
})
  .split("\0")
  .filter((file) => file !== "");

const findings = files.flatMap(findIn);
for (const finding of findings) console.log(finding);
console.log(`${files.length} files, ${findings.length} findings`);
process.exitCode = findings.length === 0 ? 0 : 1;

function findIn(file: string): readonly string[] {
  const text = readText(file);
  return text
    .split("\n")
    .flatMap((line, index) =>
      FORBIDDEN.filter(([pattern]) => pattern.test(line)).map(
        ([, what]) => `${file}:${index + 1}: ${what}: ${line.trim().slice(0, 120)}`,
      ),
    );
}

/** Deleted files are still listed by git until that is committed; binary ones hold nothing to find. */
function readText(file: string): string {
  try {
    const text = readFileSync(file, "utf8");
    return text.includes("\0") ? "" : text;
  } catch {
    return "";
  }
}

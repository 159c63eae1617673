import { Command } from "commander";
import { readSettings } from "../settings.ts";
import { readCaseFiles } from "./case-file.ts";
import { CliError, EXIT } from "./cli-error.ts";
import { loadPolicyOrFail } from "./policy-file.ts";
import { type CaseResult, runCases } from "./run-cases.ts";

/** `signalbox check`: validates gateway.yaml with the loader that the server uses. */
export function checkCommand(): Command {
  return new Command("check")
    .description("Validate gateway.yaml, and run decision cases against it")
    .argument("[file]", "the file to check (default: SIGNALBOX_CONFIG)")
    .option("--cases <folder>", "run every .yaml file of decision cases in this folder")
    .addHelpText(
      "after",
      `
Examples:
  $ signalbox check
  $ signalbox check staging/gateway.yaml
  $ signalbox check --cases test/cases

Exit codes: 0 all well, 1 a case differs, 2 the file has an error.`,
    )
    .action(check);
}

function check(file: string | undefined, options: { readonly cases?: string }): void {
  const path = file ?? readSettings(process.env).SIGNALBOX_CONFIG;
  if (options.cases === undefined) {
    const { tiers, aliases, patterns, models, revision } = loadPolicyOrFail(path);
    const parts = [`${tiers.length} tiers`, `${models.size} models`, `${aliases.size} aliases`];
    process.stdout.write(
      `${path} is valid: ${parts.join(", ")}, ${patterns.length} patterns (${revision})\n`,
    );
    return;
  }
  const results = readCaseFiles(options.cases).flatMap((cases) =>
    runCases(cases, () => loadPolicyOrFail(path)),
  );
  reportCases(results);
}

function reportCases(results: readonly CaseResult[]): void {
  const differing = results.filter(({ differences }) => differences.length > 0);
  for (const { file, description, differences } of differing) {
    process.stdout.write(`${file}: ${description}\n${differences.map((text) => `  ${text}\n`).join("")}`);
  }
  process.stdout.write(`${results.length - differing.length} of ${results.length} cases hold\n`);
  if (differing.length > 0) throw new CliError(EXIT.failed, `${differing.length} cases differ`);
}

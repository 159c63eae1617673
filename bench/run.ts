/**
 * `npm run bench [-- route|decide|classify|rules|proxy|drain|sql|tokens ...] [--quick] [--write] [--rows N]`: measures the named parts, or all,
 * and prints their tables beside the aims. `--quick` does a fraction of the work, to try the benchmark itself;
 * `--write` replaces the sections of the parts in docs/bench.md; `--rows` is how large the log is in `sql`.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { benchClassify } from "./classify.ts";
import { benchDecide } from "./decide.ts";
import { benchDrain } from "./drain.ts";
import { describeConditions, loadNow } from "./machine.ts";
import { benchProxy } from "./proxy.ts";
import { type BenchOptions, type Report, renderReport } from "./report.ts";
import { benchRoute } from "./route.ts";
import { benchRules } from "./rules.ts";
import { replaceSection } from "./sections.ts";
import { benchSql } from "./sql.ts";
import { benchTokens } from "./tokens.ts";

type Part = (options: BenchOptions) => Promise<Report>;

const PARTS: ReadonlyMap<string, Part> = new Map([
  ["decide", benchDecide],
  ["rules", benchRules],
  ["classify", benchClassify],
  ["route", benchRoute],
  ["proxy", benchProxy],
  ["drain", benchDrain],
  ["sql", benchSql],
  ["tokens", benchTokens],
]);

const QUICK_EFFORT = 0.15;

const repository = resolve(import.meta.dirname, "..");
const document = join(repository, "docs/bench.md");

process.chdir(repository);
const { values, positionals } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    rows: { type: "string" },
  },
  allowPositionals: true,
});
const names = positionals.length > 0 ? positionals : [...PARTS.keys()];
for (const name of names) {
  const part = PARTS.get(name);
  if (part === undefined) {
    const expected = [...PARTS.keys()].join(", ");
    process.stderr.write(`Cannot run the benchmark: found ${name}, expected one of ${expected}\n`);
    process.exit(2);
  }
  await runPart(part);
}

async function runPart(part: Part): Promise<void> {
  const started = performance.now();
  const progress = (line: string) => {
    const seconds = Math.round((performance.now() - started) / 1_000);
    process.stderr.write(`[${seconds} s] ${line}\n`);
  };
  const loadAtStart = loadNow();
  const rows = values.rows === undefined ? null : Number(values.rows);
  const report = await part({ progress, effort: values.quick ? QUICK_EFFORT : 1, rows });
  const section = renderReport(report, describeConditions(loadAtStart));
  process.stdout.write(`\n${section}\n\n`);
  if (values.write) writeSection(report.title, section);
}

function writeSection(title: string, section: string): void {
  const before = existsSync(document) ? readFileSync(document, "utf8") : "";
  writeFileSync(document, replaceSection(before, { title, section }));
}

/**
 * `npm run bench:quality -- --data DIR [outcomes|robustness|languages|categories ...] [--held-out FILE ...] [--write]`:
 * how well our classifiers and LiteLLM's own route, beside controls, and how much they are moved by what should not move them.
 * DIR holds the development data; nothing of it is kept. `--held-out` takes scores of outcomes that the trainer made for
 * suites that the model had not seen. `--write` replaces the sections of the parts in docs/bench-quality.md.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { loadPolicyOrFail } from "../../src/cli/policy-file.ts";
import { describeConditions, loadNow } from "../machine.ts";
import { replaceSection } from "../sections.ts";
import { benchCategories } from "./categories.ts";
import { benchLanguages } from "./languages.ts";
import { startLitellmClassifiers } from "./litellm-classifiers.ts";
import { ourClassifiers } from "./our-classifiers.ts";
import { benchOutcomes } from "./outcomes.ts";
import { type Part, type PartOptions, renderPart } from "./part.ts";
import { benchRobustness } from "./robustness.ts";

const PARTS: ReadonlyMap<string, (options: PartOptions) => Promise<Part>> = new Map([
  ["outcomes", benchOutcomes],
  ["robustness", benchRobustness],
  ["languages", benchLanguages],
  ["categories", benchCategories],
]);

const PREFACE = `# Routing quality

Written by \`npm run bench:quality -- --data DIR --write\`. Each section says on what, how, where and when it was measured. The
data is public and not part of this project; [evaluation.md](evaluation.md) explains figures and controls.`;

const repository = resolve(import.meta.dirname, "../..");
const document = join(repository, "docs/bench-quality.md");

/** Where the command was given: npm runs it in the folder of package.json. */
const whereAsked = process.env.INIT_CWD ?? process.cwd();

const { values, positionals } = parseArgs({
  options: {
    data: { type: "string" },
    "held-out": { type: "string", multiple: true, default: [] },
    write: { type: "boolean", default: false },
  },
  allowPositionals: true,
});

if (values.data === undefined) misuse("found no --data, expected the folder of the development data");
const names = positionals.length > 0 ? positionals : [...PARTS.keys()];
const unknown = names.find((name) => !PARTS.has(name));
if (unknown !== undefined) misuse(`found ${unknown}, expected one of ${[...PARTS.keys()].join(", ")}`);

process.chdir(repository);
const policy = loadPolicyOrFail("gateway.yaml");
const litellm = await startLitellmClassifiers();
try {
  for (const name of names) await runPart(name);
} finally {
  await litellm.close();
}

async function runPart(name: string): Promise<void> {
  const started = performance.now();
  const loadAtStart = loadNow();
  const part = await PARTS.get(name)?.({
    data: resolve(whereAsked, values.data ?? ""),
    classifiers: [...ourClassifiers(policy), ...litellm.classifiers],
    tiers: policy.tiers,
    heldOut: values["held-out"].map((path) => resolve(whereAsked, path)),
    progress: (line) =>
      process.stderr.write(`[${Math.round((performance.now() - started) / 1_000)} s] ${line}\n`),
  });
  if (part === undefined) return;
  const section = renderPart(part, describeConditions(loadAtStart));
  process.stdout.write(`\n${section}\n\n`);
  if (values.write) writeSection(part.title, section);
}

function writeSection(title: string, section: string): void {
  const before = existsSync(document) ? readFileSync(document, "utf8") : "";
  writeFileSync(document, replaceSection(before, { title, section, preface: PREFACE }));
}

function misuse(problem: string): never {
  process.stderr.write(`Cannot run the benchmark: ${problem}\n`);
  process.exit(2);
}

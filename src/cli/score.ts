import type { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Command, Option } from "commander";
import { z } from "zod";
import type { Policy } from "../policy/policy.ts";
import { readSettings } from "../settings.ts";
import { loadArtifactOrFail } from "./artifact-file.ts";
import { CliError, EXIT } from "./cli-error.ts";
import { type DecideHere, type Here, openHere } from "./decide-here.ts";
import { openOutput } from "./file-streams.ts";
import { loadPolicyOrFail } from "./policy-file.ts";
import { readLines } from "./read-lines.ts";

const strategies = ["static", "ml", "llm", "cascade"] as const;

interface ScoreOptions {
  readonly in: string;
  readonly out: string;
  readonly config?: string;
  readonly strategy?: (typeof strategies)[number];
  readonly artifact?: string;
}

/** `signalbox score`: one decision a line, for evaluation. */
export function scoreCommand(): Command {
  return new Command("score")
    .description("Score prompts, one JSON object a line in and one out, in the same order")
    .option("--in <file>", "lines of {id, prompt} or {id, body}; - is standard input", "-")
    .option("--out <file>", "lines of {id, score, tier, model, method, strategy, confidence}", "-")
    .addOption(
      new Option("--strategy <name>", "classifier to use instead of the policy's").choices(strategies),
    )
    .option("--artifact <file>", "trained classifier to score with, whatever the policy's strategy and file")
    .option("--config <file>", "gateway.yaml to decide by (default: SIGNALBOX_CONFIG)")
    .addHelpText(
      "after",
      `
Examples:
  $ signalbox score --in prompts.jsonl --out scores.jsonl
  $ echo '{"id": 1, "prompt": "Prove that sqrt(2) is irrational"}' | signalbox score --strategy static

A line that cannot be read is reported with its number on standard error; the rest goes on, and the exit code is 1.`,
    )
    .action(score);
}

async function score(options: ScoreOptions): Promise<void> {
  const policy = loadPolicyOrFail(options.config ?? readSettings(process.env).SIGNALBOX_CONFIG);
  const warn = (trouble: string) => void process.stderr.write(`${trouble}\n`);
  const here = await openHere(scoringPolicy(policy, options), { warn, lots: "fixed" });
  let bad = 0;
  const onBadLine = (number: number, problem: string) => {
    bad += 1;
    process.stderr.write(`line ${number}: ${problem}\n`);
  };
  const lines = readLines(options.in);
  const output = openOutput(options.out, options.in);
  await scoreLines({ lines, output, here, onBadLine });
  here.close();
  if (bad > 0) throw new CliError(EXIT.failed, `${bad} lines could not be scored`);
}

/** Under any policy `auto` is scored, and scored the way it would be enforced. */
function scoringPolicy(policy: Policy, { strategy, artifact }: ScoreOptions): Policy {
  const given = artifact === undefined ? policy.classifier : withArtifact(policy.classifier, artifact);
  const classifier = { ...given, strategy: strategy ?? given.strategy };
  const aliases = new Map(policy.aliases).set("auto", { kind: "auto_route", via: [] });
  return { ...policy, mode: "enforce", aliases, classifier };
}

function withArtifact(classifier: Policy["classifier"], path: string): Policy["classifier"] {
  return { ...classifier, strategy: "ml", ml: { ...classifier.ml, loaded: loadArtifactOrFail(path) } };
}

interface ScoreLines {
  readonly lines: AsyncIterable<string>;
  readonly output: Writable;
  readonly here: Here;
  readonly onBadLine: (number: number, problem: string) => void;
}

async function scoreLines({ lines, output, here, onBadLine }: ScoreLines): Promise<void> {
  const write = async ({ number, result }: Pending): Promise<string> => {
    const scored = await result;
    if (!("problem" in scored)) return `${JSON.stringify(scored)}\n`;
    onBadLine(number, scored.problem);
    return "";
  };
  async function* scored(): AsyncGenerator<string> {
    const pending: Pending[] = [];
    for await (const next of pendingLines(lines, here.decideHere)) {
      pending.push(next);
      const oldest = pending.length >= here.atOnce ? pending.shift() : undefined;
      if (oldest !== undefined) yield await write(oldest);
    }
    for (const last of pending) yield await write(last);
  }
  try {
    await pipeline(scored, output, { end: output !== process.stdout });
  } catch (error) {
    // A reader that goes away, such as `head`, has had what it wanted.
    if (!(error instanceof Error && "code" in error && error.code === "EPIPE")) throw error;
  }
}

async function* pendingLines(lines: AsyncIterable<string>, decideHere: DecideHere): AsyncGenerator<Pending> {
  let number = 0;
  for await (const line of lines) {
    number += 1;
    // trim() takes a byte order mark too.
    if (line.trim() !== "") yield { number, result: scoreLine(line.trim(), decideHere) };
  }
}

const lineSchema = z.union(
  [
    z.object({ id: z.union([z.string(), z.number()]), prompt: z.string() }),
    z.object({ id: z.union([z.string(), z.number()]), body: z.record(z.string(), z.unknown()) }),
  ],
  { error: "found another shape, expected {id, prompt} or {id, body}" },
);

/** A line whose decision may still be on its way. */
interface Pending {
  readonly number: number;
  readonly result: Promise<Scored | { readonly problem: string }>;
}

type Scored = Readonly<
  Record<"id" | "score" | "tier" | "model" | "method" | "strategy" | "confidence", unknown>
>;

async function scoreLine(
  line: string,
  decideHere: DecideHere,
): Promise<Scored | { readonly problem: string }> {
  try {
    const item = lineSchema.parse(JSON.parse(line));
    const body = "prompt" in item ? { messages: [{ role: "user", content: item.prompt }] } : item.body;
    const { score, tier, model, method, strategy, confidence } = await decideHere({ body });
    return { id: item.id, score, tier, model, method, strategy, confidence };
  } catch (error) {
    if (error instanceof SyntaxError)
      return { problem: "found text that is no JSON, expected a JSON object" };
    if (error instanceof z.ZodError)
      return { problem: error.issues.map(({ message }) => message).join("; ") };
    throw error;
  }
}

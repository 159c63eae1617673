import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** One program of a suite, run from the project's folder. */
export interface Part {
  readonly title: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface PartResult {
  readonly code: number;
  /** Everything it printed, standard output and standard error as they came. */
  readonly output: string;
}

/** Runs a part with its output visible, under a heading that names it and above a line with its duration. */
export async function runPart(part: Part): Promise<PartResult> {
  const started = Date.now();
  console.log(`\n=== ${part.title}`);
  const result = await run(part);
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(
    `--- ${part.title}: ${result.code === 0 ? "ok" : `FAILED (code ${result.code})`}, ${seconds} s`,
  );
  return result;
}

function run(part: Part): Promise<PartResult> {
  return new Promise((resolve) => {
    const child = spawn(part.command, part.args, {
      env: { ...process.env, ...part.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        output += `${line}\n`;
        console.log(line);
      });
    }
    child.on("error", (error) => resolve({ code: 1, output: error.message }));
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

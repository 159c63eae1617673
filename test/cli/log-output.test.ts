import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { expect, test } from "vitest";

const module = new URL("../../src/cli/log-output.ts", import.meta.url).href;
const program = `import { pino } from "pino";
import { logOutput } from ${JSON.stringify(module)};
const logger = pino({}, logOutput);
for (let line = 1; line <= 3; line += 1) logger.info({ line });`;

/** Runs a program that logs three lines, its standard output being a file. */
async function logTo(file: string): Promise<number | null> {
  const output = openSync(file, "w");
  const args = ["--input-type=module", "--eval", program];
  const child = spawn(process.execPath, args, { stdio: ["ignore", output, "inherit"], timeout: 10_000 });
  closeSync(output);
  const [code] = await once(child, "exit");
  return code;
}

test("logOutput lets a program go on, and end, where the disk takes no line", async () => {
  expect(await logTo("/dev/full")).toBe(0);
});

test("logOutput writes each line at once", async () => {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program]);
  let text = "";
  for await (const chunk of child.stdout) text += chunk;
  expect(
    text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).line),
  ).toEqual([1, 2, 3]);
});

import { cp, mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { endChild, startChild, waitForReady } from "../test/e2e/support/child.ts";
import { litellmCommand } from "../test/e2e/support/commands.ts";
import { freePort } from "../test/e2e/support/listen.ts";
import { pidOf } from "./server-process.ts";

/** What stands between the client and the same deployments. */
export type Contender = "alone" | "own-router" | "signalbox";

/** A LiteLLM proxy in a process of its own. */
export interface LitellmProcess {
  readonly contender: Contender;
  readonly port: number;
  readonly pid: number;
  close(): Promise<void>;
}

/** The key of fixtures/litellm-*.yaml. */
export const LITELLM_KEY = "sk-bench";

const repository = resolve(import.meta.dirname, "..");
const fixtures = join(import.meta.dirname, "fixtures");

/** Longest start on a busy machine, in milliseconds; 13 to 20 s are usual on a quiet one. */
const START_MS = 180_000;

/** Starts LiteLLM with the configuration of a contender. @throws where it does not come up. */
export async function startLitellmProcess(
  contender: Contender,
  options: { readonly folder: string; readonly env: Readonly<Record<string, string>> },
): Promise<LitellmProcess> {
  const folder = join(options.folder, contender);
  await mkdir(join(folder, "callback"), { recursive: true });
  await cp(join(fixtures, `litellm-${contender}.yaml`), join(folder, "litellm-config.yaml"));
  await cp(join(fixtures, "gateway.yaml"), join(folder, "gateway.yaml"));
  await cp(join(repository, "callback/signalbox.py"), join(folder, "callback/signalbox.py"));
  const port = await freePort();
  const command = litellmCommand({ folder, port, env: options.env });
  const child = startChild(command);
  const url = `http://127.0.0.1:${port}/health/liveliness`;
  await waitForReady(child, { url, logFile: command.logFile, limitMs: START_MS });
  return { contender, port, pid: pidOf(child), close: () => endChild(child, "SIGTERM") };
}

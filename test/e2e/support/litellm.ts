import { endChild, startChild, waitForReady } from "./child.ts";
import { litellmCommand } from "./commands.ts";

/** Longest start of LiteLLM on a busy machine, in milliseconds; it takes 13 to 20 s on a quiet one. */
const litellmStartMs = 180_000;

/** Starts the real LiteLLM on a loopback port and waits until it answers. @returns the function that ends it. */
export async function startLitellm(
  options: Parameters<typeof litellmCommand>[0],
): Promise<() => Promise<void>> {
  const command = litellmCommand(options);
  const child = startChild(command);
  try {
    const url = `http://127.0.0.1:${options.port}/health/liveliness`;
    await waitForReady(child, { url, logFile: command.logFile, limitMs: litellmStartMs });
  } catch (error) {
    await endChild(child, "SIGKILL");
    throw error;
  }
  return () => endChild(child, "SIGTERM");
}

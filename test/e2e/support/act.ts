import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { inject } from "vitest";
import { ask } from "./ask.ts";
import { promptOf } from "./prompts.ts";
import type { SidecarAction } from "./sidecar.ts";
import { until } from "./until.ts";

/** Longest time until the callback asks the sidecar again after an outage, in milliseconds. */
const recoveryMs = 40_000;

/** Does one thing to the sidecar's process, and comes back when it is done. */
export async function act(action: SidecarAction, config: string | null = null): Promise<void> {
  const response = await fetch(inject("stack").controlUrl, {
    method: "POST",
    body: JSON.stringify({ action, config }),
  });
  if (!response.ok) throw new Error(`Cannot ${action} the sidecar: ${await response.text()}`);
}

/** Starts the sidecar where it does not run, and waits until LiteLLM's answers carry decisions again. */
export async function recover(config: string | null = null): Promise<void> {
  await act("start", config);
  await decisionsReturn();
}

/** Waits until LiteLLM's answers carry decisions again: the callback's breaker is closed. */
export async function decisionsReturn(): Promise<void> {
  await until("a decision in LiteLLM's answer", recoveryMs, async () => {
    const reply = await ask({ api: "chat", model: "auto", prompt: promptOf("simple").prompt });
    return reply.decision("decision-id");
  });
}

/** Writes the run's gateway.yaml with one text replaced, and gives its path. @throws where the text is not in it. */
export async function changedConfig(from: string, to: string): Promise<string> {
  const { configFile } = inject("stack");
  const text = await readFile(configFile, "utf8");
  if (!text.includes(from)) throw new Error(`Cannot change ${configFile}: found no "${from}"`);
  const file = join(dirname(configFile), "gateway-changed.yaml");
  await writeFile(file, text.replace(from, to));
  return file;
}

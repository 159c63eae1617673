import type { ChildProcess } from "node:child_process";
import { type Command, endChild, hasEnded, startChild, waitForReady } from "./child.ts";

/** What can be done to the sidecar while LiteLLM runs. */
export const sidecarActions = ["start", "stop", "kill", "pause", "resume"] as const;

export type SidecarAction = (typeof sidecarActions)[number];

/** Longest start of the sidecar, migrations included, in milliseconds. */
const startMs = 30_000;

/** The real sidecar as a child process: always on the same port, killed and started again at will. */
export class Sidecar {
  readonly #command: Command;
  readonly #readyUrl: string;
  #child: ChildProcess | null = null;

  constructor(command: Command, url: string) {
    this.#command = command;
    this.#readyUrl = `${url}/healthz/ready`;
  }

  /** Does one thing to the process, and comes back when it is done. `config` is for `start` only. */
  async act(action: SidecarAction, config: string | null): Promise<void> {
    switch (action) {
      case "start":
        return this.#start(config);
      case "stop":
        return this.#end("SIGTERM");
      case "kill":
        return this.#end("SIGKILL");
      case "pause":
        this.#child?.kill("SIGSTOP");
        return;
      case "resume":
        this.#child?.kill("SIGCONT");
        return;
      default:
        return action satisfies never;
    }
  }

  async #start(config: string | null): Promise<void> {
    if (this.#child !== null && !hasEnded(this.#child)) {
      // A test that failed half way may have left it paused.
      this.#child.kill("SIGCONT");
      return;
    }
    const env = config === null ? this.#command.env : { ...this.#command.env, SIGNALBOX_CONFIG: config };
    this.#child = startChild({ ...this.#command, env });
    await waitForReady(this.#child, {
      url: this.#readyUrl,
      logFile: this.#command.logFile,
      limitMs: startMs,
    });
  }

  /** A process that was paused takes no SIGTERM before it runs again. */
  async #end(signal: NodeJS.Signals): Promise<void> {
    if (this.#child === null) return;
    this.#child.kill("SIGCONT");
    await endChild(this.#child, signal);
  }
}

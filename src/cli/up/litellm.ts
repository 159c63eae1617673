import { setTimeout as sleep } from "node:timers/promises";
import { CliError, EXIT } from "../cli-error.ts";
import { type Child, describeEnding } from "./child.ts";
import { checkPort } from "./free-port.ts";
import type { Front } from "./front.ts";
import { LITELLM_HOST } from "./plan.ts";
import { litellmService, type Service, type ServiceOptions } from "./services.ts";
import { lastWords, untilReady } from "./until-ready.ts";

export interface LitellmDeps extends ServiceOptions {
  readonly pythonBin: string;
  readonly front: Front;
  /** Starts a service and remembers it, for the case that this process is killed. */
  readonly launch: (service: Service) => Child;
  /** Aborted when everything is to end. */
  readonly signal: AbortSignal;
}

/** How long an answer that is under way may go on in a LiteLLM that was replaced: its own `request_timeout`. */
const DRAIN_MS = 600_000;

/** A connection that was led to the old one a moment ago has sent its request by then. */
const SWITCH_MS = 1_000;

interface Running {
  readonly service: Service;
  readonly child: Child;
  readonly port: number;
}

/** LiteLLM behind the port that clients know. It can be replaced while they go on. */
export class Litellm {
  readonly #deps: LitellmDeps;
  /** Those that are not current, or not yet. */
  readonly #leaving = new Set<Child>();
  readonly #failed = Promise.withResolvers<never>();
  #current: Running | null = null;

  constructor(deps: LitellmDeps) {
    this.#deps = deps;
    // Whoever waits for the end hears of it; before that, the start itself fails.
    this.#failed.promise.catch(() => undefined);
  }

  /** Rejects with what LiteLLM said last, where it ends by itself. */
  get failed(): Promise<never> {
    return this.#failed.promise;
  }

  /** Starts the first one; clients reach it once it is ready. */
  async start(): Promise<void> {
    this.#current = await this.#launch(this.#deps.plan.litellmConfigFile);
  }

  /** @throws {CliError} where it does not start. */
  async becomeReady(): Promise<void> {
    if (this.#current === null) throw new Error("Cannot wait: found no LiteLLM, expected a started one");
    await this.#lead(this.#current);
  }

  /**
   * Starts another one, leads clients there, and lets the old one finish what it answers. Where that fails the old one
   * goes on. Gives whether the new one serves. Never rejects.
   */
  async replace(): Promise<boolean> {
    const { terminal, plan, signal } = this.#deps;
    terminal.line("model_list changed: starting LiteLLM anew, the old one goes on meanwhile.");
    let next: Running | null = null;
    try {
      next = await this.#launch(plan.layOutConfig());
      this.#leaving.add(next.child);
      await this.#lead(next);
      const old = this.#current;
      this.#current = next;
      this.#leaving.delete(next.child);
      if (old !== null) void this.#drain(old.child);
      return true;
    } catch (error) {
      await next?.child.stop(next.service.stopGraceMs);
      if (signal.aborted) return false;
      const why = error instanceof Error ? error.message : String(error);
      terminal.line(`${why}\nThe old LiteLLM goes on. Each change of gateway.yaml is another try.`);
      return false;
    }
  }

  async stop(): Promise<void> {
    const current = this.#current;
    if (current === null) return;
    this.#current = null;
    const children = [...this.#leaving, current.child];
    await Promise.all(children.map((child) => child.stop(current.service.stopGraceMs)));
  }

  async #launch(configFile: string): Promise<Running> {
    const { pythonBin, launch } = this.#deps;
    const port = await checkPort({
      purpose: "LiteLLM",
      variable: "LITELLM_PORT",
      host: LITELLM_HOST,
      port: 0,
    });
    const service = litellmService(this.#deps, { pythonBin, configFile, port });
    return { service, port, child: launch(service) };
  }

  async #lead({ service, child, port }: Running): Promise<void> {
    const { terminal, signal, front } = this.#deps;
    const { name, check, logFile, startTimeoutMs: timeoutMs } = service;
    const seconds = await untilReady({ name, child, check, logFile, timeoutMs, terminal, signal });
    terminal.line(`${name} is ready (${seconds.toFixed(1)} s).`);
    front.lead(port);
    void child.ended.then((ending) => {
      if (this.#current?.child !== child) return;
      const lines = [
        `LiteLLM ended with ${describeEnding(ending)}:`,
        ...lastWords(child),
        `All of it: ${logFile}`,
      ];
      this.#failed.reject(new CliError(EXIT.failed, lines.join("\n")));
    });
  }

  async #drain(child: Child): Promise<void> {
    this.#leaving.add(child);
    await sleep(SWITCH_MS);
    await child.stop(DRAIN_MS);
    this.#leaving.delete(child);
  }
}

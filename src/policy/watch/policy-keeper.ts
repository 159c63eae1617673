import type { Logger } from "pino";
import { type CheckedFile, compileChecked, formatProblem } from "../load.ts";
import type { Policy, Problem } from "../policy.ts";
import type { CheckFile } from "./check-in-thread.ts";
import { watchFile } from "./watch-file.ts";

/** What made somebody look at the file. */
export type Trigger = "file" | "signal" | "api";

/** `unchanged`: the file says what is in force already. `refused`: it has errors, the old policy stays. */
type ReloadResult = "applied" | "unchanged" | "refused";

export interface Reloaded {
  readonly result: ReloadResult;
  /** Why the file was refused, empty where it was not. */
  readonly problems: readonly Problem[];
}

/** How reloads went since the process started. */
export interface ReloadStatus {
  readonly counts: Readonly<Record<ReloadResult, number>>;
  /** When the file was last found to be valid. */
  readonly lastSuccessAt: Date;
  /** What is wrong with the newest file, empty where it is in force. */
  readonly problems: readonly Problem[];
  /** When `model_list`, which LiteLLM reads at its start only, last changed; null where it did not since our start. */
  readonly modelListChangedAt: Date | null;
}

export interface PolicyKeeperOptions<Built> {
  readonly file: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The policy to begin with. */
  readonly policy: Policy;
  /** Makes what a request is decided with. What it throws is a problem of the file. */
  readonly build: (policy: Policy) => Built;
  readonly check: CheckFile;
  readonly logger: Logger;
  readonly now: () => Date;
}

/**
 * Holds what requests are decided with, and replaces it whole when gateway.yaml changes. Reloads run one after the
 * other; where several are asked for while one runs, they are one.
 */
export class PolicyKeeper<Built> {
  readonly #options: PolicyKeeperOptions<Built>;
  readonly #closing = new AbortController();
  readonly #counts = { applied: 0, unchanged: 0, refused: 0 };
  #policy: Policy;
  /** Digest of the `model_list` that LiteLLM read last, as far as is known. */
  #takenModels: string;
  #current: Built;
  #status: Omit<ReloadStatus, "counts">;
  #running: Promise<Reloaded> | null = null;
  #next: Promise<Reloaded> | null = null;
  #endWatch: (() => void) | null = null;

  /** @throws what `build` throws for the first policy. */
  constructor(options: PolicyKeeperOptions<Built>) {
    this.#options = options;
    this.#policy = options.policy;
    this.#takenModels = options.policy.modelListRevision;
    this.#current = options.build(options.policy);
    this.#status = { lastSuccessAt: options.now(), problems: [], modelListChangedAt: null };
  }

  /** What a request that comes now is decided with. */
  current(): Built {
    return this.#current;
  }

  status(): ReloadStatus {
    return { counts: { ...this.#counts }, ...this.#status };
  }

  /**
   * Reloads whenever the file changes, until `close()`.
   *
   * @param sinceMs when the first policy was read, at the earliest, in milliseconds since 1970
   */
  watch(sinceMs: number): void {
    const onChange = () => void this.reload("file");
    this.#endWatch ??= watchFile(this.#options.file, { onChange, sinceMs });
  }

  close(): void {
    this.#endWatch?.();
    this.#closing.abort();
  }

  /** LiteLLM said what it serves, which it does at its start: it has read `model_list`. */
  modelListTaken(): void {
    this.#takenModels = this.#policy.modelListRevision;
    this.#status = { ...this.#status, modelListChangedAt: null };
  }

  /** Reads the file again. The old policy stays in force where anything is wrong. Never rejects. */
  reload(trigger: Trigger): Promise<Reloaded> {
    if (this.#running === null) return this.#start(trigger);
    // The file may have changed after the one that runs has read it.
    this.#next ??= this.#running.then(() => {
      this.#next = null;
      return this.reload(trigger);
    });
    return this.#next;
  }

  #start(trigger: Trigger): Promise<Reloaded> {
    this.#running = this.#reload(trigger).finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #reload(trigger: Trigger): Promise<Reloaded> {
    const { file, env, check } = this.#options;
    const result = await check({ file, env }, this.#closing.signal);
    if (this.#closing.signal.aborted) return { result: "refused", problems: [] };
    const wasRefused = this.#status.problems.length > 0;
    const reloaded = result.ok ? this.#take(result.checked, trigger) : this.#refuse(result.problems);
    this.#counts[reloaded.result] += 1;
    this.#tell(trigger, reloaded, wasRefused);
    return reloaded;
  }

  #take(checked: CheckedFile, trigger: Trigger): Reloaded {
    try {
      const policy = compileChecked(checked);
      // Who asks for it may have changed what the policy only names, a trained classifier for one.
      const isNew = trigger !== "file" || policy.revision !== this.#policy.revision;
      const current = isNew ? this.#options.build(policy) : this.#current;
      this.#succeed(policy);
      this.#current = current;
      return { result: isNew ? "applied" : "unchanged", problems: [] };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return this.#refuse([{ severity: "error", file: this.#options.file, path: "", line: null, message }]);
    }
  }

  #succeed(policy: Policy): void {
    const now = this.#options.now();
    const isSame = policy.modelListRevision === this.#policy.modelListRevision;
    const changedAt = isSame ? this.#status.modelListChangedAt : now;
    // Whoever takes a change back has nothing to restart.
    const modelListChangedAt = policy.modelListRevision === this.#takenModels ? null : changedAt;
    this.#policy = policy;
    this.#status = { lastSuccessAt: now, problems: [], modelListChangedAt };
  }

  #refuse(problems: readonly Problem[]): Reloaded {
    this.#status = { ...this.#status, problems };
    return { result: "refused", problems };
  }

  #tell(trigger: Trigger, { result, problems }: Reloaded, wasRefused: boolean): void {
    const { logger } = this.#options;
    const { revision } = this.#policy;
    const [first] = problems;
    if (first === undefined) {
      logger.info({ event: "policy_reloaded", trigger, result, revision, wasRefused });
      return;
    }
    const found = { problems: problems.length, first: formatProblem(first) };
    logger.warn({ event: "policy_refused", trigger, keptRevision: revision, ...found });
  }
}

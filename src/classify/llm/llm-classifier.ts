import { createHash } from "node:crypto";
import { surenessOf } from "../cascade.ts";
import type { Opinion, Question } from "../opinion.ts";
import { RecentlyUsed } from "../recently-used.ts";
import { ShareLimit } from "../share-limit.ts";
import { type AskModel, createAskModel } from "./ask-model.ts";
import type { LlmConfig, LlmTier } from "./llm-config.ts";
import { type LlmFailure, toLlmFailure } from "./llm-failure.ts";
import { ModelHealth, type ModelState } from "./model-health.ts";
import { type Prompt, writePrompt } from "./prompt.ts";
import { readAnswer } from "./read-answer.ts";

export interface LlmClassifierOptions {
  readonly config: LlmConfig;
  readonly tiers: readonly LlmTier[];
  /** Fast verdicts that are less sure than this are asked about, 0..1; null: all are. */
  readonly threshold: number | null;
  /** Told in words when the model is away and how to mend it, and (null) when it is back. */
  readonly onChange: (trouble: string | null) => void;
}

/** What the classifier did since it was made. */
export interface LlmStatus {
  readonly state: ModelState;
  /** Why the model is away, and the command that mends it; null where it is not. */
  readonly trouble: string | null;
  /** Opinions by where they came from, and by why there was none. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** USD of all answers whose cost is known. */
  readonly costUsd: number;
}

/** Of the time that the callback waits, the model has all but this, in milliseconds. */
const SPARE_MS = 60;
/** An asker that waits less than this, and less than the whole timeout, is not kept waiting, in milliseconds. */
const MIN_WAIT_MS = 200;
/** A cold model of some GB is read from the disk in this time, in milliseconds. */
const LOAD_MS = 60_000;
const CACHED_VERDICTS = 4_096;
/** Requests that wait for an answer that others asked for; the callback has 64 in flight at once. */
const MAX_FOLLOWERS = 32;

/** A question that is with the model. */
interface Asking {
  readonly answer: Promise<Answer>;
  followers: number;
}

type Answer =
  | { readonly tier: string; readonly costUsd: number | null }
  | { readonly failure: LlmFailure; readonly costUsd: number | null };

type Missed = Exclude<Opinion["outcome"], "decided">;

/** Asks a model which tier a request belongs to: cached, shared among equals, bounded in time and in number. */
export class LlmClassifier {
  readonly #options: LlmClassifierOptions;
  readonly #ask: AskModel;
  readonly #health: ModelHealth;
  readonly #share: ShareLimit;
  readonly #cache = new RecentlyUsed<string>(CACHED_VERDICTS);
  readonly #asking = new Map<string, Asking>();
  readonly #closing = new AbortController();
  readonly #outcomes = new Map<string, number>();
  #trouble: string | null = null;
  #costUsd = 0;

  constructor(options: LlmClassifierOptions) {
    this.#options = options;
    this.#ask = createAskModel(options.config);
    this.#share = new ShareLimit(options.threshold === null ? 1 : options.config.maxShare);
    this.#health = new ModelHealth({
      probe: (signal) => this.#probe(signal),
      onChange: (failure) => this.#tell(failure),
    });
  }

  /** Loads the model; settles once it is ready or known to be away. Never rejects. */
  start(): Promise<void> {
    return this.#health.start();
  }

  /** Questions under way end now, without an opinion. */
  close(): void {
    this.#closing.abort();
    this.#health.close();
  }

  status(): LlmStatus {
    const outcomes = Object.fromEntries(this.#outcomes);
    return { state: this.#health.state, trouble: this.#trouble, outcomes, costUsd: this.#costUsd };
  }

  /** See Consult. */
  consult(question: Question): Opinion | Promise<Opinion> | null {
    const { threshold, tiers } = this.#options;
    const startedMs = performance.now();
    this.#share.see(startedMs);
    if (threshold !== null && surenessOf(question.fast, tiers) >= threshold) return null;
    const prompt = writePrompt(question.request, question.turn, tiers);
    const digest = digestOf(prompt);
    const known = this.#cache.get(digest);
    if (known !== undefined) return this.#decided(known, { from: "cache", tookMs: 0, costUsd: null });
    const waitMs = Math.min(question.untilMs - startedMs, this.#timeoutMs());
    const refused = this.#refuse(digest, waitMs, startedMs);
    if (refused !== null)
      return this.#missed(refused, WORDS[refused], { from: null, tookMs: 0, costUsd: null });
    return this.#await(digest, prompt, { startedMs, waitMs });
  }

  #timeoutMs(): number {
    return Math.max(1, this.#options.config.timeoutMs - SPARE_MS);
  }

  /** Why the model is not asked now; null where it is. */
  #refuse(digest: string, waitMs: number, nowMs: number): keyof typeof WORDS | null {
    const { state } = this.#health;
    if (this.#closing.signal.aborted) return "stopping";
    if (state !== "ready") return state;
    if (waitMs < Math.min(MIN_WAIT_MS, this.#timeoutMs())) return "no_time";
    const same = this.#asking.get(digest);
    if (same !== undefined) return same.followers < MAX_FOLLOWERS ? null : "busy";
    if (this.#asking.size >= this.#options.config.maxConcurrent) return "busy";
    return this.#options.threshold === null || this.#share.take(nowMs) ? null : "share";
  }

  async #await(
    digest: string,
    prompt: Prompt,
    { startedMs, waitMs }: { readonly startedMs: number; readonly waitMs: number },
  ): Promise<Opinion> {
    const same = this.#asking.get(digest);
    if (same !== undefined) same.followers += 1;
    const { answer } = same ?? this.#begin(digest, prompt);
    const told = await within(answer, waitMs);
    const from = same === undefined ? "model" : "shared";
    const costUsd = told === null || same !== undefined ? null : told.costUsd;
    const how = { from, tookMs: Math.round(performance.now() - startedMs), costUsd } as const;
    if (told === null) return this.#missed("timeout", "the LLM gave no answer in time", how);
    if ("tier" in told) return this.#decided(told.tier, how);
    return this.#missed(told.failure.kind, told.failure.message, how);
  }

  #begin(digest: string, prompt: Prompt): Asking {
    const signal = AbortSignal.any([AbortSignal.timeout(this.#timeoutMs()), this.#closing.signal]);
    const answer = this.#question(prompt, signal).then((told) => {
      this.#asking.delete(digest);
      if ("tier" in told) {
        this.#cache.set(digest, told.tier);
        this.#health.succeeded();
      } else this.#health.failed(told.failure);
      return told;
    });
    const asking = { answer, followers: 0 };
    this.#asking.set(digest, asking);
    return asking;
  }

  async #question(prompt: Prompt, signal: AbortSignal): Promise<Answer> {
    let costUsd: number | null = null;
    try {
      const answer = await this.#ask(prompt, signal);
      costUsd = answer.costUsd;
      this.#costUsd += costUsd ?? 0;
      return { tier: readAnswer(answer.text, prompt.names), costUsd };
    } catch (error) {
      return { failure: toLlmFailure(error), costUsd };
    }
  }

  /** The first question loads the model and may take long, the second one must be answered as a request's must. */
  async #probe(closing: AbortSignal): Promise<void> {
    for (const limitMs of [LOAD_MS, this.#timeoutMs()]) {
      const signal = AbortSignal.any([AbortSignal.timeout(limitMs), closing]);
      const told = await this.#question(samplePrompt(this.#options.tiers), signal);
      if ("failure" in told) throw told.failure;
    }
  }

  #tell(failure: LlmFailure | null): void {
    this.#trouble = failure === null ? null : `${failure.message}: ${mend(failure, this.#options.config)}`;
    this.#options.onChange(this.#trouble);
  }

  #decided(tier: string, how: Pick<Opinion, "from" | "tookMs" | "costUsd">): Opinion {
    const { config, tiers } = this.#options;
    this.#count(how.from ?? "model");
    const range = tiers.find(({ name }) => name === tier);
    const score = range === undefined ? 0 : (range.low + range.high) / 2;
    const words = `${config.model} says ${tier}`;
    const signal = { name: "llm", raw: score, weight: 1, contribution: score, found: words };
    const verdict = { strategy: "llm", score, confidence: null, signals: () => [signal] } as const;
    return { verdict, outcome: "decided", words, ...how };
  }

  #missed(outcome: Missed, words: string, how: Pick<Opinion, "from" | "tookMs" | "costUsd">): Opinion {
    this.#count(outcome);
    return { verdict: null, outcome, words, ...how };
  }

  #count(outcome: string): void {
    this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + 1);
  }
}

/** Why the model was not asked, in words. */
const WORDS = {
  starting: "the LLM is being loaded",
  away: "the LLM is away, see /v1/status",
  busy: "the LLM has as many questions as it takes",
  share: "the LLM has had its share of the last minute's requests",
  no_time: "the asker waits too short for an LLM",
  stopping: "the process is ending",
} as const;

const SAMPLE = "What is the capital of France?";

function samplePrompt(tiers: readonly LlmTier[]): Prompt {
  const turn = { text: SAMPLE, chars: SAMPLE.length };
  return writePrompt({ turns: [turn], facts: { toolNames: [], images: 0 } }, turn, tiers);
}

function mend({ kind }: LlmFailure, { api, model, apiBase }: LlmConfig): string {
  const host = URL.parse(apiBase)?.host ?? "its api_base";
  if (api === "openai") return `check routing.classifier.llm (${host}, model ${model})`;
  if (kind === "missing_model") return `run "ollama pull ${model}"`;
  if (kind === "unreachable") return `start Ollama at ${host} ("ollama serve")`;
  return `see the log of Ollama at ${host}; a smaller model or a longer timeout_ms may help`;
}

function digestOf({ system, user }: Prompt): string {
  return createHash("sha256").update(system).update("\0").update(user).digest("base64");
}

/** What a promise gives within so many milliseconds, null where that is not enough. */
async function within<T>(promise: Promise<T>, ms: number): Promise<T | null> {
  const late = Promise.withResolvers<null>();
  const timer = setTimeout(() => late.resolve(null), ms);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

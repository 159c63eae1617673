import { LlmClassifier, type LlmStatus } from "./classify/llm/llm-classifier.ts";
import type { LlmTier } from "./classify/llm/llm-config.ts";
import { describeTier } from "./classify/llm/tier-descriptions.ts";
import type { Snapshot } from "./http/router.ts";
import type { Policy } from "./policy/policy.ts";

/** One line when the model is ready, and one when it is away. */
interface LlmLogger {
  readonly info: (line: { readonly event: string; readonly model: string }) => void;
  readonly warn: (line: { readonly event: string; readonly model: string; readonly trouble: string }) => void;
}

/** Keeps the LLM classifier of the policy in force: a new policy with the same settings keeps cache and breaker. */
export class LlmKeeper {
  readonly #logger: LlmLogger;
  #key = "";
  #llm: LlmClassifier | null = null;
  #started: Promise<void> = Promise.resolve();

  constructor(logger: LlmLogger) {
    this.#logger = logger;
  }

  /** Adds the LLM that a policy asks: it is loaded from now on, one of an earlier policy let go. */
  attach(snapshot: Snapshot): Snapshot {
    const { policy } = snapshot;
    const llm = this.#keep(policy);
    if (llm === null) return snapshot;
    const { strategy } = policy.classifier;
    const { model } = policy.classifier.llm ?? { model: "" };
    return {
      ...snapshot,
      consult: (question) => llm.consult(question),
      instead: strategy === "llm" ? null : snapshot.instead,
      classifierRevision: `${snapshot.classifierRevision}+llm-1 ${model}`,
    };
  }

  /** Settles once the model is ready or known to be away. */
  started(): Promise<void> {
    return this.#started;
  }

  /** null where the policy in force asks no LLM. */
  status(): LlmStatus | null {
    return this.#llm?.status() ?? null;
  }

  close(): void {
    this.#llm?.close();
  }

  #keep({ classifier, tiers }: Policy): LlmClassifier | null {
    const { strategy, llm: config, threshold } = classifier;
    const isAsked = (strategy === "llm" || strategy === "cascade") && config !== null && tiers.length > 1;
    const told = isAsked ? toldOf(tiers) : [];
    const key = isAsked ? JSON.stringify([strategy, config, config.apiKey?.(), threshold, told]) : "";
    if (key === this.#key) return this.#llm;
    this.#key = key;
    this.#llm?.close();
    this.#llm = null;
    if (!isAsked) return null;
    const onChange = (trouble: string | null) => this.#tell(config.model, trouble);
    this.#llm = new LlmClassifier({
      config,
      tiers: told,
      threshold: strategy === "cascade" ? threshold : null,
      onChange,
    });
    this.#started = this.#llm.start();
    return this.#llm;
  }

  #tell(model: string, trouble: string | null): void {
    if (trouble === null) this.#logger.info({ event: "llm_ready", model });
    else this.#logger.warn({ event: "llm_away", model, trouble });
  }
}

function toldOf(tiers: Policy["tiers"]): LlmTier[] {
  return tiers.map(({ name, low, high, description }, rung) => {
    return { name, low, high, description: description ?? describeTier(name, { rung, rungs: tiers.length }) };
  });
}

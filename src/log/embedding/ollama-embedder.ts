import { Ollama } from "ollama";

export interface OllamaEmbedderOptions {
  /** URL of Ollama. */
  readonly apiBase: string;
  readonly model: string;
  /** Longest wait for an answer, in milliseconds. */
  readonly timeoutMs: number;
}

/**
 * Makes embeddings of texts, one of each in their order; all have the model's dimension.
 *
 * @throws {Error} where Ollama cannot be reached, is too slow, or does not take a text.
 */
export type Embed = (texts: readonly string[]) => Promise<number[][]>;

/** Embeds by a model on Ollama. */
export function createOllamaEmbedder({ apiBase, model, timeoutMs }: OllamaEmbedderOptions): Embed {
  // The client knows no deadline of its own.
  const withDeadline: typeof fetch = (input, init) => {
    return fetch(input, { ...init, signal: AbortSignal.timeout(timeoutMs) });
  };
  const ollama = new Ollama({ host: apiBase, fetch: withDeadline });
  return async (texts) => {
    const { embeddings } = await ollama.embed({ model, input: [...texts], truncate: true });
    if (embeddings.length !== texts.length) {
      throw new Error(`Cannot embed: found ${embeddings.length} embeddings, expected ${texts.length}`);
    }
    return embeddings;
  };
}

/** Statuses by which Ollama says that it does not take a text. */
const BAD_TEXT = 400;
/** Also the status of a model that cannot be loaded or whose process has died. */
const FAILED = 500;

/**
 * Whose fault an error is: `text`, which will not be taken another time either; `unclear`, which texts beside it tell;
 * `service`, which is to be waited for: a missing model (404), one that makes no embeddings (501), a full queue (503).
 */
export function blame(error: unknown): "text" | "unclear" | "service" {
  if (!(error instanceof Error && "status_code" in error)) return "service";
  if (error.status_code === BAD_TEXT) return "text";
  return error.status_code === FAILED ? "unclear" : "service";
}

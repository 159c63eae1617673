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

/** Whether Ollama answered and refused: asking again for the same text will not help. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Error && error.name === "ResponseError";
}

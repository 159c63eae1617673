import { Ollama } from "ollama";
import { z } from "zod";
import { boundedFetch } from "../../fetch/bounded-fetch.ts";

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
 * @throws {Error} where Ollama cannot be reached, is too slow, does not take a text, or answers something else.
 */
export type Embed = (texts: readonly string[]) => Promise<number[][]>;

/** Largest answer that is read, in bytes: 16 texts, each of 20,000 numbers, several times those of large models. */
const MAX_ANSWER_BYTES = 8 * 2 ** 20;

/**
 * Embeds by a model on Ollama.
 *
 * @throws {TypeError} where `apiBase` is no URL.
 */
export function createOllamaEmbedder({ apiBase, model, timeoutMs }: OllamaEmbedderOptions): Embed {
  const ollama = new Ollama({
    host: apiBase,
    // The client knows no deadline of its own.
    fetch: (url, init) => {
      return boundedFetch(url, {
        ...init,
        maxBytes: MAX_ANSWER_BYTES,
        signal: AbortSignal.timeout(timeoutMs),
      });
    },
  });
  return async (texts) => {
    const answer = await ollama.embed({ model, input: [...texts], truncate: true });
    return readVectors(answer, texts.length);
  };
}

function readVectors(answer: unknown, count: number): number[][] {
  const vector = z.array(z.number()).min(1);
  const parsed = z.object({ embeddings: z.array(vector).length(count) }).safeParse(answer);
  if (parsed.success) return parsed.data.embeddings;
  throw new Error(`Cannot embed: found another answer, expected ${count} embeddings`);
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

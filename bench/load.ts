import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { z } from "zod";

/** What the load generator sends, to whom, and how fast. */
export interface LoadPlan {
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON texts that are sent in turn, so that no request finds the caches filled with itself. */
  readonly bodies: readonly string[];
  readonly connections: number;
  readonly pace: Pace;
}

export type Pace =
  /** Each connection sends its next request when it has the answer. */
  | { readonly kind: "closed"; readonly requests: number }
  /** A request is due every 1/rate seconds, whether or not earlier ones were answered. */
  | { readonly kind: "open"; readonly perSecond: number; readonly requests: number };

const loadResultSchema = z.object({
  perSecond: z.number().describe("Requests answered per second of the run"),
  p50Ms: z.number(),
  p99Ms: z.number(),
  p999Ms: z.number(),
  maxMs: z.number(),
  /** How late the generator itself began requests that were due, 99th percentile; 0 in a closed loop. */
  lagP99Ms: z.number(),
});

/** What a run of the load generator saw. Latency is counted from when a request was due to its last byte. */
export type LoadResult = Readonly<z.infer<typeof loadResultSchema>>;

const replySchema = z.union([z.object({ result: loadResultSchema }), z.object({ error: z.string() })]);

/** A load generator in a process of its own. */
export interface LoadGenerator {
  /** @throws {Error} where an answer is not 200, or a connection ends. */
  run(plan: LoadPlan): Promise<LoadResult>;
  close(): void;
}

/** Starts the generator; it serves one run after the other. */
export function startLoadGenerator(): LoadGenerator {
  const child = fork(join(import.meta.dirname, "load-process.ts"), { stdio: "inherit" });
  const ended = failAtExit(child);
  ended.catch(() => undefined);
  return {
    run: async (plan) => {
      const answered = once(child, "message");
      child.send(plan);
      const [message] = await Promise.race([answered, ended]);
      const reply = replySchema.parse(message);
      if ("error" in reply) throw new Error(reply.error);
      return reply.result;
    },
    close: () => child.kill(),
  };
}

async function failAtExit(child: ChildProcess): Promise<never> {
  const [code] = await once(child, "exit");
  throw new Error(`Cannot go on: the load generator ended with code ${code}`);
}

/**
 * A fake of Ollama's POST /api/embed, at the edge of the network: the real one takes minutes to build. Its
 * vectors tell the length of each text, so that a test sees which text an embedding belongs to; the real one's have
 * the length 1. Statuses and words are those of Ollama 0.17.4.
 */
import { createServer, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { close, listen } from "../../e2e/support/listen.ts";

/** Refusals of the service, whatever the texts are. */
const REFUSALS = {
  missing: { status: 404, error: 'model "tiny" not found, try pulling it first' },
  broken: { status: 500, error: "llama runner process has terminated: exit status 2" },
  unfit: { status: 501, error: "this model does not support embeddings" },
  busy: { status: 503, error: "server busy, please try again.  maximum pending requests exceeded" },
} as const;

/** Refusals of a batch that has a text with "refuse me". */
const TEXT_REFUSALS = {
  refuse: { status: 400, error: "input exceeds maximum context length and cannot be truncated further" },
  stumble: { status: 500, error: "failed to encode response: json: unsupported value: NaN" },
} as const;

type Behaviour = "embed" | "hang" | keyof typeof REFUSALS | keyof typeof TEXT_REFUSALS;

export interface FakeOllama {
  readonly url: string;
  /** Texts of each request that came in. */
  readonly asked: string[][];
  /** What is answered from now on. */
  behave(how: Behaviour): void;
  close(): Promise<void>;
}

/** Starts the fake on a free loopback port. */
export async function startFakeOllama(): Promise<FakeOllama> {
  let mode: Behaviour = "embed";
  const asked: string[][] = [];
  const server = createServer(async (request, response) => {
    const { input }: { input: string[] } = JSON.parse(await text(request));
    asked.push(input);
    if (mode !== "hang") act(mode, input, response);
  });
  const port = await listen(server, 0);
  const behave: FakeOllama["behave"] = (how) => {
    mode = how;
  };
  return { url: `http://127.0.0.1:${port}`, asked, behave, close: () => close(server) };
}

function act(mode: Exclude<Behaviour, "hang">, input: readonly string[], response: ServerResponse): void {
  const refusal = refusalOf(mode, input);
  if (refusal !== null) answer(response, refusal.status, { error: refusal.error });
  else answer(response, 200, { model: "tiny", embeddings: input.map((part) => [part.length, 0.1, -1e-30]) });
}

function refusalOf(mode: Exclude<Behaviour, "hang">, input: readonly string[]) {
  if (mode === "embed") return null;
  if (mode !== "refuse" && mode !== "stumble") return REFUSALS[mode];
  return input.some((part) => part.includes("refuse me")) ? TEXT_REFUSALS[mode] : null;
}

function answer(response: ServerResponse, status: number, json: unknown): void {
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(json));
}

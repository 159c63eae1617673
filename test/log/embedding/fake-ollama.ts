/**
 * A fake of Ollama's POST /api/embed, at the edge of the network: the real one takes minutes to build. Its
 * vectors tell the length of each text, so that a test sees which text an embedding belongs to.
 */
import { createServer, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { close, listen } from "../../e2e/support/listen.ts";

export interface FakeOllama {
  readonly url: string;
  /** Texts of each request that came in. */
  readonly asked: string[][];
  /** What is answered from now on: vectors, a refusal of texts that hold "refuse me", a missing model, nothing. */
  behave(how: "embed" | "refuse" | "missing" | "hang"): void;
  close(): Promise<void>;
}

/** Starts the fake on a free loopback port. */
export async function startFakeOllama(): Promise<FakeOllama> {
  let mode: "embed" | "refuse" | "missing" | "hang" = "embed";
  const asked: string[][] = [];
  const server = createServer(async (request, response) => {
    const { input }: { input: string[] } = JSON.parse(await text(request));
    asked.push(input);
    if (mode === "hang") return;
    if (mode === "missing") answer(response, 404, { error: 'model "tiny" not found' });
    else if (mode === "refuse" && input.some((part) => part.includes("refuse me")))
      answer(response, 400, { error: "input length exceeds the context length" });
    else
      answer(response, 200, { model: "tiny", embeddings: input.map((part) => [part.length, 0.1, -1e-30]) });
  });
  const port = await listen(server, 0);
  const behave: FakeOllama["behave"] = (how) => {
    mode = how;
  };
  return { url: `http://127.0.0.1:${port}`, asked, behave, close: () => close(server) };
}

function answer(response: ServerResponse, status: number, json: unknown): void {
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(json));
}

/**
 * A fake of POST /chat/completions as OpenAI, LiteLLM and their like speak it, at the edge of the network, with what
 * goes wrong there. The test says what it does.
 */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { z } from "zod";
import { close, listen } from "../e2e/support/listen.ts";

const question = z.looseObject({
  model: z.string(),
  messages: z.array(z.object({ role: z.string(), content: z.string() })),
});

/** A question as it came in. */
interface CompletionQuestion {
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: z.infer<typeof question>;
}

/** What it does with a question. `hang`: nothing, ever. `drip`: an answer that never ends, a blank at a time. */
export type CompletionBehaviour =
  | {
      readonly kind: "say";
      readonly content: string | null;
      readonly usage?: { readonly prompt_tokens: number; readonly completion_tokens: number };
      /** What LiteLLM says that the call cost. */
      readonly cost?: string;
      readonly afterMs?: number;
    }
  | { readonly kind: "status"; readonly status: number; readonly body: string; readonly location?: string }
  | { readonly kind: "cut" }
  | { readonly kind: "drip" }
  | { readonly kind: "hang" };

export interface FakeCompletions {
  /** Without a slash at its end. */
  readonly url: string;
  readonly asked: CompletionQuestion[];
  /** Questions whose client went away before it had its answer. */
  leftAlone(): number;
  behave(how: CompletionBehaviour): void;
  close(): Promise<void>;
}

/** Starts the fake on a free loopback port. It says `{"tier": "medium"}` at first. */
export async function startFakeCompletions(): Promise<FakeCompletions> {
  let behaviour: CompletionBehaviour = { kind: "say", content: '{"tier": "medium"}' };
  let leftAlone = 0;
  const asked: CompletionQuestion[] = [];
  const server = createServer(async (request, response) => {
    const { url: path, headers } = request;
    response.once("close", () => {
      leftAlone += response.writableFinished ? 0 : 1;
    });
    asked.push({ path, headers, body: question.parse(JSON.parse(await text(request))) });
    act(behaviour, response);
  });
  const port = await listen(server, 0);
  return {
    url: `http://127.0.0.1:${port}/v1`,
    asked,
    leftAlone: () => leftAlone,
    behave: (how) => {
      behaviour = how;
    },
    close: () => close(server),
  };
}

const DRIP_MS = 20;
const JSON_TYPE = { "Content-Type": "application/json" };

function act(how: CompletionBehaviour, response: ServerResponse): void {
  switch (how.kind) {
    case "say":
      setTimeout(() => say(how, response), how.afterMs ?? 0);
      return;
    case "status":
      response
        .writeHead(how.status, { ...JSON_TYPE, ...(how.location && { Location: how.location }) })
        .end(how.body);
      return;
    case "cut":
      response.writeHead(200, { ...JSON_TYPE, "Content-Length": 500 }).write('{"choices"');
      setTimeout(() => response.destroy(), 5);
      return;
    case "drip": {
      response.writeHead(200, JSON_TYPE);
      const timer = setInterval(() => response.write(" "), DRIP_MS);
      response.once("close", () => clearInterval(timer));
      return;
    }
    case "hang":
      return;
    default:
      how satisfies never;
  }
}

function say(
  { content, usage, cost }: Extract<CompletionBehaviour, { kind: "say" }>,
  response: ServerResponse,
): void {
  const message = { role: "assistant", content };
  const reply = {
    id: "chatcmpl-1",
    object: "chat.completion",
    model: "tiny",
    choices: [{ index: 0, message, finish_reason: "stop" }],
    ...(usage && { usage: { ...usage, total_tokens: usage.prompt_tokens + usage.completion_tokens } }),
  };
  response
    .writeHead(200, { ...JSON_TYPE, ...(cost !== undefined && { "x-litellm-response-cost": cost }) })
    .end(JSON.stringify(reply));
}

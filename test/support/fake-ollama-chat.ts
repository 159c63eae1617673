/**
 * A fake of Ollama's POST /api/chat, at the edge of the network, with the misbehaviour that the real one shows. Which
 * tier it names, and how, is set by the test.
 */
import { createServer, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { z } from "zod";
import { close, listen } from "../e2e/support/listen.ts";

const question = z.looseObject({
  model: z.string(),
  messages: z.array(z.object({ role: z.string(), content: z.string() })),
});

export type ChatQuestion = z.infer<typeof question>;

/** What it does with a question. `hang`: nothing, ever. */
export type ChatBehaviour =
  | { readonly kind: "say"; readonly content: string; readonly afterMs?: number }
  | { readonly kind: "status"; readonly status: number; readonly body: string; readonly type?: string }
  | { readonly kind: "cut" }
  | { readonly kind: "hang" };

export interface FakeChat {
  readonly url: string;
  readonly asked: ChatQuestion[];
  behave(how: ChatBehaviour): void;
  close(): Promise<void>;
}

/** Starts the fake on a free loopback port. It says `{"tier": "medium"}` at first. */
export async function startFakeChat(): Promise<FakeChat> {
  let behaviour: ChatBehaviour = { kind: "say", content: '{"tier": "medium"}' };
  const asked: ChatQuestion[] = [];
  const server = createServer(async (request, response) => {
    asked.push(question.parse(JSON.parse(await text(request))));
    act(behaviour, response);
  });
  const port = await listen(server, 0);
  const behave: FakeChat["behave"] = (how) => {
    behaviour = how;
  };
  return { url: `http://127.0.0.1:${port}`, asked, behave, close: () => close(server) };
}

function act(how: ChatBehaviour, response: ServerResponse): void {
  const type = "application/json; charset=utf-8";
  switch (how.kind) {
    case "say":
      setTimeout(() => {
        const message = { role: "assistant", content: how.content };
        const reply = { model: "tiny", message, done: true, done_reason: "stop" };
        response.writeHead(200, { "Content-Type": type }).end(JSON.stringify(reply));
      }, how.afterMs ?? 0);
      return;
    case "status":
      response.writeHead(how.status, { "Content-Type": how.type ?? type }).end(how.body);
      return;
    case "cut":
      response.writeHead(200, { "Content-Type": type, "Content-Length": 500 }).write('{"message"');
      setTimeout(() => response.destroy(), 5);
      return;
    case "hang":
      return;
    default:
      how satisfies never;
  }
}

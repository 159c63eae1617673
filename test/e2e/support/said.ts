import { z } from "zod";
import type { Api } from "./ask.ts";

const chatDelta = z.object({
  choices: z.tuple([z.object({ delta: z.object({ content: z.string() }) })]),
});
const textPiece = z.object({ choices: z.tuple([z.object({ text: z.string() })]) });
const messagesDelta = z.object({ delta: z.object({ text: z.string() }) });
const responsesDelta = z.object({ type: z.literal("response.output_text.delta"), delta: z.string() });

/** The text that a stream of server-sent events says, its pieces joined as a client joins them. */
export function saidInStream(api: Api, stream: string): string {
  return stream
    .split("\n")
    .filter((line) => line.startsWith("data: {"))
    .map((line) => pieceOf(api, JSON.parse(line.slice("data: ".length))))
    .join("");
}

function pieceOf(api: Api, event: unknown): string {
  switch (api) {
    case "chat":
      return chatDelta.safeParse(event).data?.choices[0].delta.content ?? "";
    case "completions":
      return textPiece.safeParse(event).data?.choices[0].text ?? "";
    case "messages":
      return messagesDelta.safeParse(event).data?.delta.text ?? "";
    case "responses":
      return responsesDelta.safeParse(event).data?.delta ?? "";
    default:
      return api satisfies never;
  }
}

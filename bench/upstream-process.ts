/** A provider that answers at once, the same to everybody. Sends its port when it listens. */
import { createServer } from "node:http";

/** About as many bytes as a short answer of a model has. */
const ANSWER_WORDS = 60;

const answer = Buffer.from(
  JSON.stringify({
    id: "chatcmpl-bench",
    object: "chat.completion",
    created: 1,
    model: "bench",
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: "word ".repeat(ANSWER_WORDS) },
        finish_reason: "stop",
      },
    ],
    usage: { prompt_tokens: 500, completion_tokens: ANSWER_WORDS, total_tokens: 500 + ANSWER_WORDS },
  }),
);

const server = createServer((request, response) => {
  request.resume().on("end", () => {
    response.writeHead(200, { "Content-Type": "application/json", "Content-Length": answer.length });
    response.end(answer);
  });
});

// LiteLLM keeps its connections longer than Node by default, and would write into one that is closing.
server.keepAliveTimeout = 0;

server.listen(0, "127.0.0.1", () => process.send?.(server.address()));

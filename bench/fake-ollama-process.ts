/** A fake of Ollama that answers every question at once: what is left is what asking costs. Sends its port when it listens. */
import { createServer } from "node:http";

const answer = Buffer.from(
  JSON.stringify({
    model: "fake",
    message: { role: "assistant", content: '{"tier": "medium"}' },
    done: true,
    done_reason: "stop",
  }),
);

const server = createServer((request, response) => {
  request.resume().on("end", () => {
    response.writeHead(200, { "Content-Type": "application/json", "Content-Length": answer.length });
    response.end(answer);
  });
});

server.listen(0, "127.0.0.1", () => process.send?.(server.address()));

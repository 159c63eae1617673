/** The control: a bare node:http server that reads a body and answers the same bytes. Sends its port when it listens. */
import { createServer } from "node:http";

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const body = Buffer.concat(chunks);
    response.writeHead(200, { "Content-Type": "application/json", "Content-Length": body.length });
    response.end(body);
  });
});

server.listen(0, "127.0.0.1", () => process.send?.(server.address()));

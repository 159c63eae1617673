import { createServer, type RequestListener, type Server } from "node:http";
import { afterEach, describe, expect, it, vi } from "vitest";
import { blame, createOllamaEmbedder } from "../../../src/log/embedding/ollama-embedder.ts";
import { close, listen } from "../../e2e/support/listen.ts";

const servers: Server[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(servers.splice(0).map(close));
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  return `http://127.0.0.1:${await listen(server, 0)}`;
}

const serveJson = (json: unknown, status = 200) =>
  serve((_request, response) => {
    response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(json));
  });

const embed = (apiBase: string, texts: readonly string[] = ["text"]) =>
  createOllamaEmbedder({ apiBase, model: "tiny", timeoutMs: 5_000 })(texts);

describe("createOllamaEmbedder()", () => {
  it("gives the embeddings of an answer", async () => {
    const url = await serveJson({ model: "tiny", embeddings: [[1, -0.5]] });
    expect(await embed(`${url}/`)).toEqual([[1, -0.5]]);
  });

  it.each([
    ["something else than numbers", { embeddings: [["x", null, 1]] }],
    ["an empty vector", { embeddings: [[]] }],
    ["fewer vectors than texts", { embeddings: [] }],
    ["no vectors", { error: "canary" }],
    ["null", null],
  ])("refuses %s", async (_what, json) => {
    const error = await embed(await serveJson(json)).catch((thrown: unknown) => thrown);
    expect(String(error)).toBe("Error: Cannot embed: found another answer, expected 1 embeddings");
    expect(blame(error)).toBe("service");
  });

  it("reads no more of an answer than embeddings can take", async () => {
    let sent = 0;
    const chunk = Buffer.alloc(2 ** 20, " ");
    const url = await serve((_request, response) => {
      const write = () => {
        while (sent < 64 && !response.destroyed) {
          sent += 1;
          if (!response.write(chunk)) return void response.once("drain", write);
        }
        response.end("{}");
      };
      write();
    });
    await expect(embed(url)).rejects.toThrow("expected at most 8388608 bytes");
    expect(sent).toBeLessThan(64);
  });

  it("follows no redirect: the texts would go elsewhere", async () => {
    const asked = vi.fn<RequestListener>((_request, response) => void response.end("{}"));
    const elsewhere = await serve(asked);
    const url = await serve((_request, response) => {
      response.writeHead(307, { Location: `${elsewhere}/api/embed` }).end();
    });
    await expect(embed(url)).rejects.toThrow("fetch failed");
    expect(asked).not.toHaveBeenCalled();
  });

  it("tells no password of its URL", async () => {
    const url = (await serveJson({})).replace("//", "//joe:canary@");
    const error = await embed(url).catch((thrown: unknown) => thrown);
    expect(String(error)).toContain("found a user name or a password in the URL");
    expect(String(error)).not.toContain("canary");
  });

  it("prints nothing where the server answers with text", async () => {
    const printed = vi.spyOn(console, "log").mockImplementation(() => undefined);
    const url = await serve((_request, response) => void response.writeHead(502).end("Bad gateway"));
    const error = await embed(url).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ status_code: 502, message: "the server answered with status 502" });
    expect(printed).not.toHaveBeenCalled();
  });
});

import { createServer, get, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import { checkPort } from "../../../src/cli/up/free-port.ts";
import { type Front, openFront } from "../../../src/cli/up/front.ts";

const host = "127.0.0.1";
const servers: Server[] = [];
let front: Front | null = null;

afterEach(async () => {
  await front?.close();
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** Answers its name, in as many pieces as are asked for, 20 ms apart. */
async function startServer(name: string): Promise<number> {
  const server = createServer(async (request, response) => {
    const pieces = Number(request.url?.slice(1) || 1);
    for (let piece = 0; piece < pieces; piece += 1) {
      response.write(name);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    response.end();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const address: AddressInfo | string | null = server.address();
  return address !== null && typeof address === "object" ? address.port : 0;
}

async function open(): Promise<number> {
  const port = await checkPort({ purpose: "a test", variable: "X", host, port: 0 });
  front = await openFront({ host, port });
  return port;
}

function ask(port: number, pieces = 1): Promise<string> {
  return new Promise((resolve, reject) => {
    get({ host, port, path: `/${pieces}`, agent: false }, (response) => {
      text(response).then(resolve, reject);
    }).on("error", reject);
  });
}

describe("openFront()", () => {
  it("leads new connections to the newest target, and lets an answer that is under way end where it began", async () => {
    const port = await open();
    front?.lead(await startServer("a"));
    const long = ask(port, 20);
    expect(await ask(port)).toBe("a");
    front?.lead(await startServer("b"));
    expect(await ask(port)).toBe("b");
    expect(await long).toBe("a".repeat(20));
  });

  it("closes connections while there is nothing behind it, or nothing that answers", async () => {
    const port = await open();
    await expect(ask(port)).rejects.toThrow();
    front?.lead(1);
    await expect(ask(port)).rejects.toThrow();
  });

  it("passes on that a client goes away in the middle of an answer", async () => {
    const port = await open();
    const target = await startServer("a");
    front?.lead(target);
    const client = connect(port, host);
    client.write("GET /1000 HTTP/1.1\r\nHost: x\r\n\r\n");
    await new Promise((resolve) => client.once("data", resolve));
    const [server] = servers;
    const gone = new Promise<void>((resolve) => {
      const look = () =>
        server?.getConnections((_, count) => (count === 0 ? resolve() : setTimeout(look, 10)));
      look();
    });
    client.destroy();
    await gone;
  });

  it("refuses a port that is taken", async () => {
    const port = await startServer("a");
    await expect(openFront({ host, port })).rejects.toThrow("EADDRINUSE");
  });

  it("ends every connection when it is closed", async () => {
    const port = await open();
    front?.lead(await startServer("a"));
    const long = ask(port, 1000);
    await ask(port);
    await front?.close();
    await expect(long).rejects.toThrow();
    front = null;
  });
});

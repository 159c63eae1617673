import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { checkPort } from "../../../src/cli/up/free-port.ts";

const wanted = { purpose: "LiteLLM", variable: "LITELLM_PORT", host: "127.0.0.1" };

describe("checkPort()", () => {
  it("finds a free port for 0 and gives a free one back", async () => {
    const port = await checkPort({ ...wanted, port: 0 });
    expect(port).toBeGreaterThan(0);
    expect(await checkPort({ ...wanted, port })).toBe(port);
  });

  it("names a port that is in use, and the variable that chooses another", async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, "127.0.0.1", () => {
        const address = server.address();
        resolve(address !== null && typeof address === "object" ? address.port : 0);
      });
    });
    await expect(checkPort({ ...wanted, port })).rejects.toThrow(
      `Cannot start LiteLLM: port ${port} of 127.0.0.1 is in use, expected a free port.`,
    );
    await expect(checkPort({ ...wanted, port })).rejects.toThrow(`LITELLM_PORT=${port + 1}`);
    server.close();
  });
});

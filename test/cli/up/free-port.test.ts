import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { checkPort, checkPorts } from "../../../src/cli/up/free-port.ts";

const wanted = { purpose: "LiteLLM", variable: "LITELLM_PORT", host: "127.0.0.1" };

describe("checkPort()", () => {
  it("finds a free port for 0 and gives a free one back", async () => {
    const port = await checkPort({ ...wanted, port: 0 });
    expect(port).toBeGreaterThan(0);
    expect(await checkPort({ ...wanted, port })).toBe(port);
  });

  it("names a port that is in use, and the variable that chooses another", async () => {
    const { server, port } = await listenSomewhere();
    await expect(checkPort({ ...wanted, port })).rejects.toThrow(
      `Cannot start LiteLLM: port ${port} of 127.0.0.1 is in use, expected a free port.`,
    );
    await expect(checkPort({ ...wanted, port })).rejects.toThrow(`LITELLM_PORT=${port + 1}`);
    server.close();
  });
});

describe("checkPorts()", () => {
  const sidecar = { purpose: "the sidecar", variable: "SIGNALBOX_PORT", host: "127.0.0.1" };

  it("names all that are in use at once, with one command that gets by: a clone may be running", async () => {
    const [first, second] = [await listenSomewhere(), await listenSomewhere()];
    const ports = [
      { ...wanted, port: first.port },
      { ...sidecar, port: second.port },
    ];
    await expect(checkPorts(ports)).rejects.toThrow(
      [
        `Cannot start LiteLLM: port ${first.port} of 127.0.0.1 is in use, expected a free port.`,
        `Cannot start the sidecar: port ${second.port} of 127.0.0.1 is in use, expected a free port.`,
        `Stop what listens there, or choose another port: LITELLM_PORT=${first.port + 1} SIGNALBOX_PORT=${second.port + 1} npm start`,
      ].join("\n"),
    );
    first.server.close();
    second.server.close();
  });

  it("refuses one port for two", async () => {
    const port = await checkPort({ ...wanted, port: 0 });
    const ports = [
      { ...wanted, port },
      { ...sidecar, port },
    ];
    await expect(checkPorts(ports)).rejects.toThrow("is in use");
  });
});

async function listenSomewhere() {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(address !== null && typeof address === "object" ? address.port : 0);
    });
  });
  return { server, port };
}

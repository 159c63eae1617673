import { createServer } from "node:http";
import { expect, it } from "vitest";
import { startChild } from "../../../src/cli/up/child.ts";
import { Litellm } from "../../../src/cli/up/litellm.ts";
import type { Service } from "../../../src/cli/up/services.ts";
import { UP_PLAN } from "../../support/up-plan.ts";

it("Litellm.replace() tells whether the new one serves", async () => {
  const ledTo: number[] = [];
  const said: string[] = [];
  const start = (script: string) =>
    startChild({ command: process.execPath, args: ["-e", script], env: process.env });
  // Stands in for LiteLLM's answer that it is ready.
  const server = createServer((_request, response) => response.end());
  let starts = false;
  const litellm = new Litellm({
    plan: UP_PLAN,
    env: {},
    root: "/p",
    terminal: { line: (text) => said.push(text), status: () => {} },
    pythonBin: "/p/bin",
    front: { lead: (port) => ledTo.push(port), close: async () => {} },
    launch: ({ check }: Service) => {
      if (!starts) return start("process.exit(7)");
      server.listen(check.port, check.host);
      return start("setInterval(() => {}, 1e6)");
    },
    signal: new AbortController().signal,
  });
  expect(await litellm.replace()).toBe(false);
  expect(said.at(-1)).toMatch(/exit code 7[\s\S]*The old LiteLLM goes on/);
  expect(ledTo).toEqual([]);
  starts = true;
  expect(await litellm.replace()).toBe(true);
  expect(ledTo).toHaveLength(1);
  await litellm.stop();
  server.close();
});

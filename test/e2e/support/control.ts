import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { z } from "zod";
import { close, listen } from "./listen.ts";
import { type Sidecar, sidecarActions } from "./sidecar.ts";

/** What a test asks of the process that owns the stack. */
export const controlRequest = z.object({ action: z.enum(sidecarActions), config: z.string().nullable() });

/**
 * Lets test workers act on the sidecar, which the global setup owns: a process that a worker started would end with
 * it, or outlive the run. Answers 204 when the action is done, 500 with the reason as text.
 */
export async function startControl(sidecar: Sidecar): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer(async (request, response) => {
    try {
      const { action, config } = controlRequest.parse(await json(request));
      await sidecar.act(action, config);
      response.writeHead(204).end();
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  const port = await listen(server, 0);
  return { url: `http://127.0.0.1:${port}`, close: () => close(server) };
}

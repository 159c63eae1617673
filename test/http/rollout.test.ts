import { describe, expect, it } from "vitest";
import { z } from "zod";
import { listen } from "../../src/http/listen.ts";
import { createTestApp, POLICY } from "../support/sidecar-app.ts";

const CONVERSATIONS = 10_000;
/** Requests in flight at once. */
const AT_ONCE = 50;

const replySchema = z.object({ mode: z.enum(["enforce", "shadow"]), rewrite: z.boolean() });

/** Asks once for each of 10,000 conversations. @returns how many the policy served, in percent */
async function servedPercent(url: string, bodyOf: (conversation: number) => object): Promise<number> {
  let next = 0;
  let served = 0;
  const askOn = async () => {
    while (next < CONVERSATIONS) {
      const body = JSON.stringify(bodyOf(next++));
      const headers = { "content-type": "application/json" };
      const response = await fetch(`${url}/v1/route`, { method: "POST", headers, body });
      const { mode, rewrite } = replySchema.parse(await response.json());
      expect(rewrite).toBe(mode === "enforce");
      if (rewrite) served += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, askOn));
  return (served / CONVERSATIONS) * 100;
}

const asked = (content: string) => ({ model: "auto", messages: [{ role: "user", content }] });

describe("POST /v1/route while a policy is rolled out", () => {
  it.each([
    { percent: 5, by: "conversation", bodyOf: (n: number) => ({ body: asked(`Where is number ${n}?`) }) },
    { percent: 50, by: "conversation", bodyOf: (n: number) => ({ session_id: `s${n}`, body: asked("?") }) },
    {
      percent: 20,
      by: "key",
      bodyOf: (n: number) => ({ caller: { key_hash: n.toString(16).padStart(64, "0") }, body: asked("?") }),
    },
  ])("serves $percent % of 10,000 by $by, within 1 %", { timeout: 120_000 }, async (options) => {
    const { percent, by, bodyOf } = options;
    const policy = `${POLICY}  rollout: {percent: ${percent}, by: ${by}}\n`;
    const listening = await listen(createTestApp({ policy }).app, { host: "127.0.0.1", port: 0 });
    try {
      expect(Math.abs((await servedPercent(listening.url, bodyOf)) - percent)).toBeLessThan(1);
    } finally {
      await listening.close(0);
    }
  });
});

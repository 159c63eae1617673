import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { layOutConfig } from "./support/commands.ts";
import { freePort } from "./support/listen.ts";
import { startLitellm } from "./support/litellm.ts";
import { Outcomes } from "./support/outcomes.ts";
import { promptOf } from "./support/prompts.ts";
import { usedTokens } from "./support/provider-answer.ts";

const outcomes = new Outcomes();
let folder = "";
let port = 0;
let stop = async () => {};

/** A LiteLLM without Signalbox's callback: another one asks, and LiteLLM's `generic_api` logger tells the sidecar. */
beforeAll(async () => {
  await outcomes.connect();
  const { providerUrl, sidecarUrl, sidecarSecret } = inject("stack");
  folder = await mkdtemp(join(tmpdir(), "signalbox-own-callback-"));
  await layOutConfig(folder);
  const fixture = (file: string) => join(import.meta.dirname, "fixtures", file);
  await cp(fixture("own_callback.py"), join(folder, "own_callback.py"));
  await cp(fixture("own-callback-config.yaml"), join(folder, "litellm-config.yaml"));
  port = await freePort();
  const env = {
    E2E_OPENAI_BASE: `${providerUrl}/v1`,
    E2E_ANTHROPIC_BASE: providerUrl,
    SIGNALBOX_URL: sidecarUrl,
    SIGNALBOX_OUTCOMES_URL: `${sidecarUrl}/v1/outcomes`,
    SIGNALBOX_AUTHORIZATION: `Bearer ${sidecarSecret}`,
  };
  stop = await startLitellm({ folder, port, env });
});

afterAll(async () => {
  await stop();
  await outcomes.close();
  await rm(folder, { recursive: true, force: true });
});

describe("LiteLLM's own generic_api logger, beside a callback of the user's own", () => {
  test.each([false, true])("tells the sidecar what became of a call, stream: %s", async (stream) => {
    const { prompt, marker } = promptOf("simple");
    const client = new OpenAI({ baseURL: `http://127.0.0.1:${port}/v1`, apiKey: "sk-e2e-master" });
    const messages = [{ role: "user" as const, content: prompt }];
    const answer = await client.chat.completions.create({ model: "auto", messages, stream });
    if ("controller" in answer) for await (const chunk of answer) expect(chunk.object).toContain("chunk");
    const { input, output, cached, reasoning } = usedTokens;
    const id = await outcomes.decisionAbout(marker);
    expect(await outcomes.of(id, "success")).toMatchObject({
      source: "generic_api",
      applied_model: "small",
      served_by: "small",
      prompt_tokens: input,
      cached_tokens: cached,
      reasoning_tokens: reasoning,
      cost_usd: expect.closeTo(input * 1e-7 + output * 2e-7, 12),
      baseline_cost_usd: expect.closeTo(input * 1e-5 + output * 2e-5, 12),
      finish_reason: "stop",
      stream,
      ttft_ms: stream ? expect.any(Number) : null,
      retries: null,
    });
  });

  test("tells of a failure, too", async () => {
    const { prompt, marker } = promptOf("simple");
    const client = new OpenAI({
      baseURL: `http://127.0.0.1:${port}/v1`,
      apiKey: "sk-e2e-master",
      maxRetries: 0,
    });
    const call = client.chat.completions.create({
      model: "flaky",
      messages: [{ role: "user", content: prompt }],
    });
    await expect(call).rejects.toThrow("500");
    const id = await outcomes.decisionAbout(marker);
    expect(await outcomes.of(id, "failure")).toMatchObject({ source: "generic_api", http_status: 500 });
  });
});

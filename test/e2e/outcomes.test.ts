import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { z } from "zod";
import { act, recover } from "./support/act.ts";
import { type Api, ask, openKey, type Question, type Reply } from "./support/ask.ts";
import { callsOf } from "./support/calls.ts";
import { loggedOf, Outcomes } from "./support/outcomes.ts";
import { marked, promptOf } from "./support/prompts.ts";
import { answerPieces, FAIL_ONCE, SLOWLY, usedTokens } from "./support/provider-answer.ts";

const outcomes = new Outcomes();

beforeAll(async () => {
  await outcomes.connect();
  await recover();
});
afterAll(() => outcomes.close());

const { input, output, cached, reasoning } = usedTokens;
/** By the prices of fixtures/gateway.yaml, USD. */
const costs = { small: input * 1e-7 + output * 2e-7, large: input * 1e-5 + output * 2e-5 };

async function askForId(question: Question): Promise<{ reply: Reply; id: string }> {
  const reply = await ask(question);
  const id = reply.decision("decision-id");
  if (id === null) throw new Error(`Cannot tell the decision: ${reply.status} ${reply.text}`);
  return { reply, id };
}

const apis = ["chat", "messages", "responses"] as const;

const tools: Readonly<Record<(typeof apis)[number], unknown>> = {
  chat: [{ type: "function", function: { name: "find_bird", parameters: { type: "object" } } }],
  messages: [{ name: "find_bird", input_schema: { type: "object" } }],
  responses: [{ type: "function", name: "find_bird", parameters: { type: "object" } }],
};

describe.each(apis)("%s: the outcome joined to its decision", (api) => {
  test.each([false, true])("after an answer, stream: %s", async (stream) => {
    const { id } = await askForId({ api, model: "auto", prompt: promptOf("simple").prompt, stream });
    const row = await outcomes.of(id, "success");
    expect(row).toEqual({
      tier: "simple",
      resolved_model: "small",
      applied_model: "small",
      denied_models: [],
      status: "success",
      error_class: null,
      http_status: 200,
      prompt_tokens: input,
      completion_tokens: output,
      reasoning_tokens: reasoning,
      cached_tokens: cached,
      cost_usd: expect.closeTo(costs.small, 12),
      baseline_cost_usd: expect.closeTo(costs.large, 12),
      latency_ms: expect.any(Number),
      ttft_ms: stream ? expect.any(Number) : null,
      served_by: "small",
      fallback_depth: 0,
      retries: 0,
      finish_reason: "stop",
      tool_calls: [],
      stream,
      cache_hit: false,
      source: "callback",
    });
    expect(row.latency_ms).toBeGreaterThan(0);
    expect(row.ttft_ms ?? 0).toBeLessThanOrEqual(row.latency_ms ?? 0);
  });

  test.each([false, true])("after an answer that calls a tool, stream: %s", async (stream) => {
    const { prompt } = marked("Please use the tool to look for the cat.");
    const { id } = await askForId({ api, model: "auto", prompt, stream, more: { tools: tools[api] } });
    expect(await outcomes.of(id, "success")).toMatchObject({
      finish_reason: "tool_calls",
      tool_calls: ["find_bird"],
      served_by: "medium",
    });
  });

  test("after a fallback: the model that served, and how deep", async () => {
    const { id } = await askForId({ api, model: "shaky", prompt: promptOf("simple").prompt });
    expect(await outcomes.of(id, "success")).toMatchObject({
      resolved_model: "flaky",
      applied_model: "flaky",
      served_by: "side",
      fallback_depth: 1,
      prompt_tokens: input,
      error_class: null,
    });
  });

  test("after a retry", async () => {
    const { prompt, marker } = marked(`Please ${FAIL_ONCE} and then tell of the sparrow and the finch.`);
    const { id } = await askForId({ api, model: "auto", prompt, more: { num_retries: 1 } });
    expect(await outcomes.of(id, "success")).toMatchObject({
      retries: 1,
      fallback_depth: 0,
      served_by: "small",
    });
    expect(await callsOf(marker)).toHaveLength(2);
  });
});

test.each(["chat", "responses"] as const)("%s: after an error of the provider", async (api) => {
  const { reply, id } = await askForId({
    api,
    model: "flaky",
    prompt: promptOf("simple").prompt,
    more: { fallbacks: [] },
  });
  expect(reply.status).toBe(500);
  expect(await outcomes.of(id, "failure")).toMatchObject({
    error_class: "InternalServerError",
    http_status: 500,
    served_by: "flaky",
    finish_reason: null,
    prompt_tokens: 0,
    cost_usd: 0,
  });
});

test("after a refusal for the caller's own limit: nobody served, and no model is blamed", async () => {
  const { prompt } = promptOf("simple");
  const question: Question = { api: "chat", model: "helper", prompt, key: "sk-e2e-limited" };
  expect((await ask(question)).status).toBe(200);
  for (const _ of [1, 2, 3]) {
    const { reply, id } = await askForId(question);
    expect(reply.status, reply.text).toBe(429);
    expect(await outcomes.of(id, "failure")).toMatchObject({
      error_class: "ProxyRateLimitError",
      http_status: 429,
      applied_model: "side",
      served_by: null,
    });
  }
  expect((await modelOfCatalog("side")).health).toMatchObject({ cooldown_until: null });
});

test("after times that clients set themselves: the model rests for none of them", async () => {
  await act("stop");
  await recover();
  const slow = (more: Question["more"] = {}): Question => {
    const { prompt } = marked(`Please ${SLOWLY} and tell of the sparrow and the finch.`);
    return { api: "chat", model: "helper", prompt, more: { fallbacks: [], ...more } };
  };
  for (const _ of [1, 2, 3]) await outcomes.of((await askForId(slow())).id, "success");
  for (const _ of [1, 2, 3]) {
    const { reply, id } = await askForId(slow({ timeout: 0.1, num_retries: 0 }));
    expect(reply.status, reply.text).toBe(408);
    expect(await outcomes.of(id, "failure")).toMatchObject({
      error_class: "Timeout",
      http_status: 408,
      served_by: "side",
    });
  }
  expect((await modelOfCatalog("side")).health).toMatchObject({ samples: 3, cooldown_until: null });
});

test("after an answer from LiteLLM's cache: it cost nothing, whatever its header says", async () => {
  const question: Question = {
    api: "chat",
    model: "auto",
    prompt: promptOf("simple").prompt,
    more: { cache: { "use-cache": true } },
  };
  const first = await askForId(question);
  const second = await askForId(question);
  expect(await outcomes.of(first.id, "success")).toMatchObject({ cache_hit: false });
  expect(await outcomes.of(second.id, "success")).toMatchObject({
    cache_hit: true,
    cost_usd: 0,
    baseline_cost_usd: 0,
    prompt_tokens: input,
    served_by: "small",
  });
});

test("after a denial: the candidates that the caller may not use, and nobody who served", async () => {
  const { reply, id } = await askForId({
    api: "chat",
    model: "auto",
    prompt: promptOf("complex").prompt,
    key: "sk-e2e-auto-only",
  });
  expect(reply.status).toBe(403);
  const row = await outcomes.of(id, "failure");
  expect(row).toMatchObject({ applied_model: null, http_status: 403, served_by: null });
  expect(row.denied_models).toContain("large");
});

test("after a denial of the first candidates: the one that was applied", async () => {
  const { id } = await askForId({
    api: "chat",
    model: "auto",
    prompt: promptOf("complex").prompt,
    key: "sk-e2e-two",
  });
  const row = await outcomes.of(id, "success");
  expect(row.denied_models?.slice(0, 2)).toEqual(["large", "extra"]);
  expect(row.applied_model).toBe(row.served_by);
  expect(row.resolved_model).toBe("large");
});

describe("after a client that left in the middle of a stream", () => {
  // LiteLLM logs nothing of it before the first piece, nor on /v1/messages from a provider of OpenAI's form.
  const left: readonly (readonly [Api, "simple" | "complex"])[] = [
    ["chat", "simple"],
    ["chat", "complex"],
    ["responses", "simple"],
    ["messages", "complex"],
  ];

  test.each(left)("%s, %s", async (api, tier) => {
    const { prompt } = marked(`${promptOf(tier).prompt} Please ${SLOWLY}.`);
    const id = await leaveStream(api, prompt);
    const row = await outcomes.of(id, "cancelled");
    expect(row).toMatchObject({ error_class: "ClientDisconnected", http_status: 499, stream: true, tier });
    expect(row.finish_reason).toBeNull();
  });

  const paths = {
    chat: "chat/completions",
    responses: "responses",
    messages: "messages",
    completions: "completions",
  };

  /** Reads a stream up to the first piece of the answer, and closes the connection. */
  async function leaveStream(api: Api, prompt: string): Promise<string> {
    const content =
      api === "responses" ? { input: prompt } : { messages: [{ role: "user", content: prompt }] };
    const limit = api === "messages" ? { max_tokens: 500 } : {};
    const controller = new AbortController();
    const response = await fetch(`${inject("stack").litellmUrl}/v1/${paths[api]}`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${openKey}` },
      body: JSON.stringify({ model: "auto", stream: true, ...content, ...limit }),
      signal: controller.signal,
    });
    await readUpTo(answerPieces("")[0], response);
    controller.abort();
    return response.headers.get("x-signalbox-decision-id") ?? "";
  }
});

async function readUpTo(text: string, response: Response): Promise<void> {
  const decoder = new TextDecoder();
  let seen = "";
  for await (const chunk of response.body ?? []) {
    seen += decoder.decode(chunk, { stream: true });
    if (seen.includes(text)) return;
  }
}

describe("LiteLLM's own generic_api logger", () => {
  test("is told the tier and the decision among the tags of the spend log", async () => {
    const more = { metadata: { tags: ["team-bird"] } };
    const { id } = await askForId({ api: "chat", model: "auto", prompt: promptOf("simple").prompt, more });
    const entry = await loggedOf(id);
    const { request_tags } = z.object({ request_tags: z.array(z.string()) }).parse(entry);
    expect(request_tags).toEqual(
      expect.arrayContaining(["team-bird", "signalbox-tier:simple", `signalbox-decision:${id}`]),
    );
  });
});

test("GET /v1/catalog shows how the models of these calls did", async () => {
  const small = await modelOfCatalog("small");
  expect(small.health.samples).toBeGreaterThan(0);
});

async function modelOfCatalog(wanted: string) {
  const { sidecarUrl, sidecarSecret } = inject("stack");
  const headers = { authorization: `Bearer ${sidecarSecret}` };
  const response = await fetch(`${sidecarUrl}/v1/catalog`, { headers });
  const model = z.object({
    name: z.string(),
    health: z.object({ latency_ms: z.number(), samples: z.int(), cooldown_until: z.string().nullable() }),
  });
  const catalog = z
    .object({ models: z.array(z.looseObject({ name: z.string() })) })
    .parse(await response.json());
  return model.parse(catalog.models.find(({ name }) => name === wanted));
}

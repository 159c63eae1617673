import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { act, changedConfig, recover } from "./support/act.ts";
import { type Api, ask, type Reply } from "./support/ask.ts";
import { callOf, callsOf, wireModel } from "./support/calls.ts";
import { Outcomes } from "./support/outcomes.ts";
import { promptOf } from "./support/prompts.ts";
import { until } from "./support/until.ts";

const outcomes = new Outcomes();

beforeAll(async () => {
  await recover();
  await outcomes.connect();
});
afterAll(() => outcomes.close());

/** Asks for `auto` with a simple prompt, and gives the reply with the model that a provider was asked for. */
async function askSimple(more: Omit<Partial<Parameters<typeof ask>[0]>, "prompt"> = {}) {
  const { prompt, marker } = promptOf("simple");
  const reply = await ask({ api: "chat", model: "auto", prompt, ...more });
  return { reply, marker };
}

async function servedModel(reply: Reply, marker: string): Promise<string | null> {
  expect(reply.status, reply.text).toBe(200);
  return (await callOf(marker)).model;
}

describe("a header of the client", () => {
  test.each([
    { header: "x-signalbox-tier", value: "complex", model: "large", method: "override" },
    { header: "x-signalbox-min-tier", value: "medium", model: "medium", method: "auto" },
    { header: "x-signalbox-priority", value: "critical", model: "large", method: "override" },
    { header: "x-signalbox-hint", value: "100", model: "medium", method: "auto" },
  ])("$header: $value is followed", async ({ header, value, model, method }) => {
    const { reply, marker } = await askSimple({ headers: { [header]: value } });
    expect(await servedModel(reply, marker)).toBe(wireModel(model));
    expect(reply.decision("method")).toBe(method);
  });

  test("x-signalbox-prefer puts another provider's model of the tier first", async () => {
    const headers = { "x-signalbox-tier": "complex", "x-signalbox-prefer": "openai" };
    const { reply, marker } = await askSimple({ headers });
    expect(await servedModel(reply, marker)).toBe(wireModel("extra"));
  });

  test("x-signalbox-pick orders the tier's models in another way", async () => {
    const wires = new Set<string | null>();
    for (let round = 0; round < 16; round += 1) {
      const headers = { "x-signalbox-tier": "complex", "x-signalbox-pick": "weighted" };
      const { reply, marker } = await askSimple({ headers });
      wires.add(await servedModel(reply, marker));
    }
    expect(wires).toEqual(new Set([wireModel("large"), wireModel("extra")]));
  });

  test.each(["x-signalbox-tier", "x-signalbox-pick", "x-signalbox-prefer", "x-signalbox-hint"])(
    "%s with a value that makes no sense is ignored and named",
    async (header) => {
      const { reply, marker } = await askSimple({ headers: { [header]: "nonsense" } });
      expect(await servedModel(reply, marker)).toBe(wireModel("small"));
      expect(reply.decision("reason")).toContain(`ignored ${header}`);
    },
  );
});

describe.each(["chat", "messages", "responses"] satisfies Api[])("%s", (api) => {
  test("fields of an older gateway steer and never reach the provider", async () => {
    const old = { "x-routing-strategy": "quality", "x-prefer-provider": "openai", "x-budget-key": "b" };
    const headers = { "x-signalbox-tier": "complex" };
    const { reply, marker } = await askSimple({ api, headers, more: { ...old, "x-cache": false } });
    expect(await servedModel(reply, marker)).toBe(wireModel("extra"));
    const { body } = await callOf(marker);
    expect(Object.keys(body).filter((name) => /^x-|^cache$|^fallbacks$/.test(name))).toEqual([]);
  });
});

test("an image goes to a model that reads images", async () => {
  const { prompt, marker } = promptOf("simple");
  const url = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk";
  const content = [
    { type: "text", text: prompt },
    { type: "image_url", image_url: { url } },
  ];
  const reply = await ask({
    api: "chat",
    model: "auto",
    prompt,
    more: { messages: [{ role: "user", content }] },
  });
  expect(await servedModel(reply, marker)).toBe(wireModel("medium"));
});

test("150,000 tokens go to a model with a long context", async () => {
  const { prompt, marker } = promptOf("simple");
  const filler = "the cat sat on the mat and looked at the rain outside ".repeat(12_500);
  const messages = [
    { role: "user", content: filler },
    { role: "assistant", content: "I have read it." },
    { role: "user", content: prompt },
  ];
  const reply = await ask({ api: "chat", model: "auto", prompt, more: { messages } });
  expect(await servedModel(reply, marker)).toBe(wireModel("large"));
});

describe("history that only its provider can read", () => {
  test("signed thinking stays with Anthropic, though the turn is simple", async () => {
    const { prompt, marker } = promptOf("simple");
    const messages = [
      { role: "user", content: "Think about a sparrow." },
      {
        role: "assistant",
        content: [
          { type: "thinking", thinking: "A bird.", signature: "c2lnbmVk" },
          { type: "text", text: "I did." },
        ],
      },
      { role: "user", content: prompt },
    ];
    const reply = await ask({ api: "messages", model: "auto", prompt, more: { messages } });
    expect(await servedModel(reply, marker)).toBe(wireModel("large"));
  });

  test("encrypted reasoning stays with OpenAI, though the tier's first model is Anthropic's", async () => {
    const { prompt, marker } = promptOf("complex");
    const input = [
      { role: "user", content: "Think about a wombat." },
      { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "c2VhbGVk" },
      { role: "user", content: prompt },
    ];
    const reply = await ask({ api: "responses", model: "auto", prompt, more: { input } });
    expect(await servedModel(reply, marker)).toBe(wireModel("extra"));
  });

  test.each([
    ["medium", "complex", "extra"],
    ["large", "simple", "large"],
  ] as const)(
    "a stored response of %s stays with the provider that LiteLLM named in its id: a %s turn is served by %s",
    async (writer, tier, served) => {
      const first = await ask({ api: "responses", model: writer, prompt: promptOf("medium").prompt });
      const id = /"id":\s*"(resp_[^"]+)"/.exec(first.text)?.[1];
      const { prompt, marker } = promptOf(tier);
      const more = { previous_response_id: id };
      const reply = await ask({ api: "responses", model: "auto", prompt, more });
      expect(await servedModel(reply, marker)).toBe(wireModel(served));
    },
  );
});

describe("where the provider of the ladder's first model fails", () => {
  // Started anew it knows of no failure: three in a row, one of them recover()'s own, would make the model rest.
  beforeEach(async () => {
    await act("stop");
    const failing = "simple: {score_range: [0, 40], model: flaky}";
    await recover(await changedConfig("simple: {score_range: [0, 40], model: small}", failing));
  });
  afterAll(async () => {
    await act("stop");
    await recover();
  });

  test.each(["chat", "messages", "responses"] satisfies Api[])(
    "%s: LiteLLM goes on with the next of the ladder, instead of its own fallback",
    async (api) => {
      const { prompt, marker } = promptOf("simple");
      const reply = await ask({ api, model: "auto", prompt });
      expect(reply.status, reply.text).toBe(200);
      const models = (await callsOf(marker)).map(({ model }) => model);
      expect(models[0]).toBe("fail-500");
      expect(models.at(-1)).toBe(wireModel("medium"));
      const outcome = await outcomes.of(reply.decision("decision-id") ?? "", "success");
      expect(outcome).toMatchObject({ applied_model: "flaky", served_by: "medium", fallback_depth: 1 });
    },
  );

  test("after three failures in a row the model rests, and the next is asked at once", async () => {
    const marker = await until("a request that passes the failing model over", 20_000, async () => {
      const asked = await askSimple();
      return asked.reply.decision("model") === "medium" ? asked.marker : null;
    });
    expect((await callsOf(marker)).map(({ model }) => model)).toEqual([wireModel("medium")]);
  });
});

import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { recover } from "./support/act.ts";
import { ask } from "./support/ask.ts";
import { callOf, callsOf, wireModel } from "./support/calls.ts";
import { promptOf } from "./support/prompts.ts";
import { RoutingLogs } from "./support/rows.ts";

const logs = new RoutingLogs();
beforeAll(async () => {
  await recover();
  await logs.connect();
});
afterAll(() => logs.close());

/** What a provider is asked to answer at most, in tokens, whichever name its API has for it. */
function askedMaxTokens(body: Readonly<Record<string, unknown>>): unknown {
  return body.max_tokens ?? body.max_completion_tokens ?? body.max_output_tokens;
}

describe("the client's limit of output tokens", () => {
  const limits = [
    { api: "chat", field: "max_tokens" },
    { api: "chat", field: "max_completion_tokens" },
    { api: "completions", field: "max_tokens" },
    { api: "messages", field: "max_tokens" },
    { api: "responses", field: "max_output_tokens" },
  ] as const;

  test.each(limits)("$api, $field: is kept where the target allows it", async ({ api, field }) => {
    const { prompt, marker } = promptOf("simple");
    const reply = await ask({ api, model: "auto", prompt, more: { [field]: 77 } });
    expect(reply.status, reply.text).toBe(200);
    expect(askedMaxTokens((await callOf(marker)).body)).toBe(77);
  });

  test.each(limits)("$api, $field: is lowered to what the target allows", async ({ api, field }) => {
    const { prompt, marker } = promptOf("simple");
    const reply = await ask({ api, model: "auto", prompt, more: { [field]: 5_000 } });
    expect(reply.status, reply.text).toBe(200);
    const { model, body } = await callOf(marker);
    expect(model).toBe(wireModel("small"));
    expect(askedMaxTokens(body)).toBe(1_000);
    const { trace } = await logs.rowOf(reply.header("x-signalbox-decision-id") ?? "");
    const lowered = trace.filter(({ step }) => step === "output");
    expect(lowered).toEqual([{ step: "output", model: "small", asked: 5_000, limit: 1_000 }]);
  });

  test("a limit that the client does not set is not set for it", async () => {
    const { prompt, marker } = promptOf("simple");
    await ask({ api: "chat", model: "auto", prompt });
    expect(askedMaxTokens((await callOf(marker)).body)).toBeUndefined();
  });
});

test("drop_params: what the chosen provider does not take is dropped, not refused", async () => {
  const { prompt, marker } = promptOf("complex");
  const reply = await ask({ api: "chat", model: "auto", prompt, more: { logit_bias: { "50256": -100 } } });
  expect(reply.status, reply.text).toBe(200);
  const { model, body } = await callOf(marker);
  expect(model).toBe(wireModel("large"));
  expect(body).not.toHaveProperty("logit_bias");
});

test("fallbacks of the router work from the model that was chosen, and the decision stays", async () => {
  const { prompt, marker } = promptOf("simple");
  const reply = await ask({ api: "chat", model: "shaky", prompt });
  expect(reply.status, reply.text).toBe(200);
  expect((await callsOf(marker)).map(({ model }) => model)).toEqual(["fail-500", wireModel("side")]);
  expect(reply.header("x-litellm-attempted-fallbacks")).toBe("1");
  expect(reply.decision("method")).toBe("alias");
  expect(reply.decision("decision-id")).not.toBeNull();
});

test("a hook listed before ours sees the name that was asked, one after ours the model that was chosen", async () => {
  const { prompt, marker } = promptOf("simple");
  const reply = await ask({ api: "chat", model: "auto", prompt, more: { stop: ["order-probe"] } });
  expect(reply.status, reply.text).toBe(200);
  expect((await callOf(marker)).body.stop).toEqual(["order-probe", "before=auto", "after=small"]);
});

test("/v1/models lists the virtual names beside the models", async () => {
  const response = await fetch(`${inject("stack").litellmUrl}/v1/models`, {
    headers: { authorization: "Bearer sk-e2e-two" },
  });
  const text = await response.text();
  for (const name of ["auto", "opus", "small", "medium"]) expect(text).toContain(`"${name}"`);
  expect(text).not.toContain('"large"');
});

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { describe, expect, inject, test } from "vitest";
import { z } from "zod";
import { openKey } from "./support/ask.ts";
import { callOf, wireModel } from "./support/calls.ts";
import { promptOf } from "./support/prompts.ts";

const { litellmUrl, pythonBin } = inject("stack");

/** What each client must be told by the model that serves a simple prompt. */
const said = `answered by ${wireModel("small")}`;

describe("OpenAI's SDK for Node", () => {
  const client = new OpenAI({ baseURL: `${litellmUrl}/v1`, apiKey: openKey, maxRetries: 0 });

  test("chat.completions.create()", async () => {
    const { prompt, marker } = promptOf("simple");
    const { data, response } = await client.chat.completions
      .create({ model: "auto", messages: [{ role: "user", content: prompt }] })
      .withResponse();
    expect(data.choices[0]?.message.content).toBe(said);
    await expectRouted(response, marker);
  });

  test("chat.completions.create() streaming", async () => {
    const { prompt, marker } = promptOf("simple");
    const { data, response } = await client.chat.completions
      .create({ model: "auto", messages: [{ role: "user", content: prompt }], stream: true })
      .withResponse();
    const pieces = await Array.fromAsync(data, (chunk) => chunk.choices[0]?.delta.content ?? "");
    expect(pieces.join("")).toBe(said);
    await expectRouted(response, marker);
  });

  test("responses.create()", async () => {
    const { prompt, marker } = promptOf("simple");
    const { data, response } = await client.responses.create({ model: "auto", input: prompt }).withResponse();
    expect(data.output_text).toBe(said);
    await expectRouted(response, marker);
  });

  test("responses.create() streaming", async () => {
    const { prompt, marker } = promptOf("simple");
    const { data, response } = await client.responses
      .create({ model: "auto", input: prompt, stream: true })
      .withResponse();
    const pieces = await Array.fromAsync(data, (event) =>
      event.type === "response.output_text.delta" ? event.delta : "",
    );
    expect(pieces.join("")).toBe(said);
    await expectRouted(response, marker);
  });
});

describe("Anthropic's SDK for Node", () => {
  const client = new Anthropic({ baseURL: litellmUrl, authToken: openKey, apiKey: null, maxRetries: 0 });

  test("messages.create()", async () => {
    const { prompt, marker } = promptOf("simple");
    const { data, response } = await client.messages
      .create({ model: "auto", max_tokens: 100, messages: [{ role: "user", content: prompt }] })
      .withResponse();
    expect(data.content).toMatchObject([{ type: "text", text: said }]);
    await expectRouted(response, marker);
  });

  test("messages.create() streaming", async () => {
    const { prompt, marker } = promptOf("simple");
    const { data, response } = await client.messages
      .create({ model: "auto", max_tokens: 100, messages: [{ role: "user", content: prompt }], stream: true })
      .withResponse();
    const pieces = await Array.fromAsync(data, (event) =>
      event.type === "content_block_delta" && event.delta.type === "text_delta" ? event.delta.text : "",
    );
    expect(pieces.join("")).toBe(said);
    await expectRouted(response, marker);
  });
});

const pythonAnswers = z.array(
  z.object({ client: z.string(), text: z.string(), model: z.string().nullable() }),
);

test("OpenAI's and Anthropic's SDKs for Python, plain and streaming", async () => {
  const { marker } = promptOf("simple");
  const script = join(import.meta.dirname, "support/sdk_clients.py");
  const { stdout } = await promisify(execFile)(join(pythonBin, "python"), [
    script,
    litellmUrl,
    openKey,
    marker,
  ]);
  const clients = ["openai_chat", "openai_responses", "anthropic_messages"];
  const expected = clients.flatMap((client) => [client, `${client}_stream`]);
  const answers = pythonAnswers.parse(JSON.parse(stdout));
  expect(answers).toEqual(
    expect.arrayContaining(expected.map((client) => ({ client, text: said, model: "small" }))),
  );
  expect(answers).toHaveLength(expected.length);
  for (const client of expected) {
    expect((await callOf(`${marker}-${client})`)).model).toBe(wireModel("small"));
  }
});

async function expectRouted(response: Response, marker: string): Promise<void> {
  expect(response.headers.get("x-signalbox-model")).toBe("small");
  expect(response.headers.get("x-signalbox-decision-id")).not.toBeNull();
  expect((await callOf(marker)).model).toBe(wireModel("small"));
}

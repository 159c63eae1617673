import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Api, ask, post } from "./support/ask.ts";
import { callOf, callsOf, wireModel } from "./support/calls.ts";
import { marked, promptOf, type TierName } from "./support/prompts.ts";
import { RoutingLogs } from "./support/rows.ts";

const logs = new RoutingLogs();
beforeAll(() => logs.connect());
afterAll(() => logs.close());

/** A transparent pixel. */
const png =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

const parameters = { type: "object", properties: {} };

/** The fixture's small model takes no tools, so a simple prompt with tools is for the next tier. */
describe("tools", () => {
  const offered: Readonly<Record<"chat" | "messages" | "responses", unknown>> = {
    chat: { type: "function", function: { name: "look_up", description: "Looks up.", parameters } },
    messages: { name: "look_up", description: "Looks up.", input_schema: parameters },
    responses: { type: "function", name: "look_up", description: "Looks up.", parameters },
  };

  test.each(["chat", "messages", "responses"] as const)(
    "%s: the call of a tool comes through",
    async (api) => {
      const { prompt, marker } = marked(
        "Please tell my neighbour about the sparrow and the finch: use the tool.",
      );
      const reply = await ask({ api, model: "auto", prompt, more: { tools: [offered[api]] } });
      expect(reply.status, reply.text).toBe(200);
      expect(reply.text).toContain("look_up");
      expect((await callOf(marker)).model).toBe(wireModel("medium"));
      expect(reply.decision("model")).toBe("medium");
    },
  );

  test.each(["chat", "messages", "responses"] as const)("%s: streamed", async (api) => {
    const { prompt, marker } = marked(
      "Please tell my neighbour about the sparrow and the finch: use the tool.",
    );
    const reply = await ask({ api, stream: true, model: "auto", prompt, more: { tools: [offered[api]] } });
    expect(reply.status, reply.text).toBe(200);
    expect(reply.text).toContain("look_up");
    expect((await callOf(marker)).model).toBe(wireModel("medium"));
  });
});

/** The fixture's small model sees no images. */
describe("images", () => {
  const url = `data:image/png;base64,${png}`;
  const contents: Readonly<
    Record<"chat" | "messages" | "responses", (text: string) => Record<string, unknown>>
  > = {
    chat: (text) => ({
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text },
            { type: "image_url", image_url: { url } },
          ],
        },
      ],
    }),
    messages: (text) => ({
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text },
            { type: "image", source: { type: "base64", media_type: "image/png", data: png } },
          ],
        },
      ],
    }),
    responses: (text) => ({
      input: [
        {
          role: "user",
          content: [
            { type: "input_text", text },
            { type: "input_image", image_url: url },
          ],
        },
      ],
    }),
  };

  test.each(["chat", "messages", "responses"] as const)("%s: served by a model that sees", async (api) => {
    const { prompt, marker } = promptOf("simple");
    const reply = await ask({ api, model: "auto", prompt, more: contents[api](prompt) });
    expect(reply.status, reply.text).toBe(200);
    const call = await callOf(marker);
    expect(call.model).toBe(wireModel("medium"));
    expect(JSON.stringify(call.body)).toContain(png);
  });
});

test("messages: a list `system` is passed on whole, and is not the human's ask", async () => {
  const { prompt, marker } = promptOf("simple");
  const system = [
    { type: "text", text: "You know the wombat, the quokka, the numbat and the dingo." },
    { type: "text", text: "Answer in verse.", cache_control: { type: "ephemeral" } },
  ];
  const reply = await ask({ api: "messages", model: "auto", prompt, more: { system } });
  expect(reply.status, reply.text).toBe(200);
  expect(reply.decision("tier")).toBe("simple");
  const call = await callOf(marker);
  expect(JSON.stringify(call.body)).toContain("You know the wombat");
  expect(JSON.stringify(call.body)).toContain("Answer in verse.");
});

/** About 100,000 tokens, beyond the window of the fixture's small and medium models. */
describe("a prompt of 100,000 tokens", () => {
  const filler = "The quick brown fox jumps over the lazy dog and says so. ".repeat(7_000);

  test.each(["chat", "completions", "messages", "responses"] satisfies Api[])(
    "%s: reaches whole a model whose window holds it",
    async (api) => {
      const { prompt, marker } = promptOf("simple");
      const reply = await ask({ api, model: "auto", prompt: `${filler}\n${prompt}` });
      expect(reply.status, reply.text).toBe(200);
      expect(reply.decision("model")).toBe("large");
      const call = await callOf(marker);
      expect(call.model).toBe(wireModel("large"));
      expect(JSON.stringify(call.body).length).toBeGreaterThan(filler.length);
    },
  );
});

/** What a harness writes into the user's turn is not the human's ask. */
describe("harness text", () => {
  const reminder = `<system-reminder>${"Mind the wombat, the quokka, the numbat and the dingo. ".repeat(4)}</system-reminder>`;

  test.each(["chat", "messages", "responses"] satisfies Api[])(
    "%s: a reminder beside the ask",
    async (api) => {
      const { prompt } = promptOf("simple");
      const reply = await ask({ api, model: "auto", prompt: `${reminder}\n${prompt}` });
      expect(reply.status, reply.text).toBe(200);
      expect(reply.decision("tier")).toBe("simple" satisfies TierName);
    },
  );

  test("messages: a turn of tool results and reminders only is decided by the ask before it", async () => {
    const { prompt, marker } = promptOf("complex");
    const messages = [
      { role: "user", content: prompt },
      { role: "assistant", content: [{ type: "tool_use", id: "toolu_1", name: "look_up", input: {} }] },
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "toolu_1", content: "a sparrow and a finch" },
          { type: "text", text: "<system-reminder>Mind the sparrow and the finch.</system-reminder>" },
        ],
      },
    ];
    const tools = [{ name: "look_up", description: "Looks up.", input_schema: parameters }];
    const reply = await ask({ api: "messages", model: "auto", prompt, more: { messages, tools } });
    expect(reply.status, reply.text).toBe(200);
    expect(reply.decision("tier")).toBe("complex");
    expect((await callOf(marker)).model).toBe(wireModel("large"));
  });

  test("chat: a conversation of harness text only is served by the fallback tier", async () => {
    const { prompt: text, marker } = marked(reminder);
    const reply = await ask({
      api: "chat",
      model: "auto",
      prompt: `<system-reminder>${text.replaceAll(/<[^>]*>/g, "")}</system-reminder>`,
    });
    expect(reply.status, reply.text).toBe(200);
    expect(reply.decision("method")).toBe("fallback");
    expect((await callOf(marker)).model).toBe(wireModel("medium"));
  });
});

describe("calls that are not routed", () => {
  test("embeddings pass untouched: no header, no row", async () => {
    const { prompt, marker } = marked("Embed me.");
    const reply = await post("/v1/embeddings", { model: "embedder", input: prompt });
    expect(reply.status, reply.text).toBe(200);
    expect((await callOf(marker)).model).toBe(wireModel("embedder"));
    await expectUnrouted(reply.decision("decision-id"), marker);
  });

  test("count_tokens passes untouched: no header, no row", async () => {
    const { prompt, marker } = marked("Count me.");
    const reply = await post("/v1/messages/count_tokens", {
      model: "large",
      messages: [{ role: "user", content: prompt }],
    });
    expect(reply.status, reply.text).toBe(200);
    expect((await callsOf(marker)).map(({ model }) => model)).not.toContain(wireModel("medium"));
    await expectUnrouted(reply.decision("decision-id"), marker);
  });

  /** A row that comes later than the next decision's would go unseen: rows are written in order. */
  async function expectUnrouted(decisionId: string | null, marker: string): Promise<void> {
    expect(decisionId).toBeNull();
    const routed = promptOf("simple");
    const next = await ask({ api: "chat", model: "auto", prompt: routed.prompt });
    await logs.rowOf(next.decision("decision-id") ?? "");
    expect(await logs.countOf(routed.marker)).toBe(1);
    expect(await logs.countOf(marker)).toBe(0);
  }
});

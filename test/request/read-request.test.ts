import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { read } from "./read.ts";

describe("readRequest() of OpenAI chat", () => {
  const body = {
    model: "auto",
    messages: [
      { role: "system", content: "You are terse." },
      { role: "developer", content: [{ type: "text", text: "Answer in French." }] },
      { role: "user", content: "What is in the picture?" },
      {
        role: "assistant",
        content: null,
        tool_calls: [{ id: "c1", type: "function", function: { name: "look", arguments: '{"at":"cat"}' } }],
      },
      { role: "tool", tool_call_id: "c1", content: "a cat" },
      { role: "assistant", content: [{ type: "refusal", refusal: "I had rather not." }] },
      {
        role: "user",
        content: [
          { type: "text", text: "And here?" },
          { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } },
          { type: "input_audio", input_audio: { data: "AAAA", format: "wav" } },
          { type: "file", file: { file_id: "f" } },
          { type: "text", text: "Tell me." },
        ],
      },
    ],
    tools: [{ type: "function", function: { name: "look", parameters: { type: "object" } } }],
    functions: [{ name: "older" }],
    max_completion_tokens: 700,
    max_tokens: 100,
    response_format: { type: "json_schema", json_schema: { name: "x", schema: {} } },
  };
  const request = read(body);

  test("tells how large the body was at each human turn, harness text apart", () => {
    const call = request.otherTexts[0]?.length ?? 0;
    const first = "You are terse.".length + "Answer in French.".length + "What is in the picture?".length;
    const rest = call + "a cat".length + "I had rather not.".length + "And here?".length + "Tell me.".length;
    expect(request.facts.asks).toEqual([
      { chars: first, utf8Bytes: first, messages: 3, images: 0, fileChars: 0 },
      { chars: first + rest, utf8Bytes: first + rest, messages: 7, images: 1, fileChars: 0 },
    ]);
  });

  test("keeps the human's turns, oldest first, apart from all other text", () => {
    expect(request.turns).toEqual([
      { text: "What is in the picture?", chars: 23 },
      { text: "And here?\nTell me.", chars: 18 },
    ]);
    expect(request.systemText).toBe("You are terse.\nAnswer in French.");
    expect(request.otherTexts).toEqual(['look\n{"at":"cat"}', "a cat", "I had rather not."]);
    expect(request.notes).toEqual([]);
  });

  test("derives the facts", () => {
    expect(request.facts).toMatchObject({
      humanTurns: 2,
      messages: 7,
      images: 1,
      toolNames: ["look", "older"],
      signedThinkingBy: null,
      previousResponseBy: null,
      previousResponseModel: null,
    });
    const texts = [
      "You are terse.",
      "Answer in French.",
      "What is in the picture?",
      'look\n{"at":"cat"}',
      "a cat",
    ];
    const rest = ["I had rather not.", "And here?", "Tell me."];
    const chars = [...texts, ...rest].join("").length;
    expect(request.facts.chars).toBe(chars);
    expect(request.facts.utf8Bytes).toBe(chars);
    // Close to the tools' JSON; quotes inside are not escaped in the count.
    const json = JSON.stringify(body.tools).length + JSON.stringify(body.functions).length;
    expect(request.facts.toolSchemaChars).toBeGreaterThan(json * 0.9);
    expect(request.facts.toolSchemaChars).toBeLessThan(json * 1.1);
  });

  test("reads limits, format and how it ends", () => {
    expect(request).toMatchObject({ wire: "chat", maxOutputTokens: 700, structuredOutput: true });
    expect(request.endsInToolResult).toBe(false);
    expect(read({ messages: body.messages.slice(0, 5) }).endsInToolResult).toBe(true);
    expect(
      read({
        messages: [
          { role: "user", content: "a" },
          { role: "function", name: "f", content: "b" },
        ],
      }),
    ).toMatchObject({
      endsInToolResult: true,
    });
  });

  test("reads a legacy function call and a signed Gemini call", () => {
    const { otherTexts, facts } = read({
      messages: [
        { role: "assistant", function_call: { name: "f", arguments: "{}" } },
        {
          role: "assistant",
          tool_calls: [{ function: { name: "g" }, provider_specific_fields: { thought_signature: "abc" } }],
        },
      ],
    });
    expect(otherTexts).toEqual(["f\n{}", "g\n"]);
    expect(facts.signedThinkingBy).toBe("gemini");
  });
});

describe("readRequest() of text completions", () => {
  test("reads a prompt", () => {
    const request = read({ prompt: "Once upon a time", max_tokens: 20 });
    expect(request).toMatchObject({
      wire: "text",
      maxOutputTokens: 20,
      turns: [{ text: "Once upon a time", chars: 16 }],
    });
    expect(request.facts).toMatchObject({ messages: 1, humanTurns: 1 });
  });

  test("reads a list of prompts as one turn", () => {
    expect(read({ prompt: ["first", "second"] }).turns).toEqual([{ text: "first\nsecond", chars: 12 }]);
  });

  test.each([[[1, 2, 3]], [[[1, 2], [3]]]])("counts token ids %j as four characters each", (prompt) => {
    const request = read({ prompt });
    expect(request.turns).toEqual([]);
    expect(request.facts).toMatchObject({ chars: 12, utf8Bytes: 12, messages: 1, humanTurns: 0 });
    expect(request.notes).toEqual([{ path: "prompt", note: "token ids: counted, not read" }]);
  });
});

describe("readRequest() of Anthropic messages", () => {
  const request = read({
    model: "claude-x",
    max_tokens: 1024,
    system: [
      { type: "text", text: "Be kind.", cache_control: { type: "ephemeral" } },
      { type: "text", text: "Be brief." },
    ],
    messages: [
      {
        role: "user",
        content: [
          { type: "text", text: "Fix the test" },
          { type: "image", source: { type: "base64", data: "AA" } },
        ],
      },
      {
        role: "assistant",
        content: [
          { type: "thinking", thinking: "Let me look.", signature: "c2ln" },
          { type: "redacted_thinking", data: "xyz" },
          { type: "text", text: "Looking." },
          { type: "tool_use", id: "t1", name: "Read", input: { path: "a.ts", lines: [1, { note: "top" }] } },
        ],
      },
      {
        role: "user",
        content: [
          {
            type: "tool_result",
            tool_use_id: "t1",
            content: [
              { type: "text", text: "file text" },
              { type: "image", source: { type: "base64", data: "AA" } },
              { type: "search_result", title: "t", source: "s", content: [{ type: "text", text: "hit" }] },
            ],
          },
          { type: "tool_result", tool_use_id: "t2", content: "plain result" },
          { type: "document", source: { type: "text", data: "a document" } },
          { type: "text", text: "<system-reminder>Keep going</system-reminder>" },
        ],
      },
    ],
    tools: [{ name: "Read", input_schema: { type: "object" } }],
  });

  test("recognises the format without a call type", () => {
    expect(request.wire).toBe("messages");
  });

  test("keeps the human's words apart from tool results and reminders", () => {
    expect(request.turns).toEqual([{ text: "Fix the test", chars: 12 }]);
    expect(request.systemText).toBe("Be kind.\nBe brief.");
    expect(request.otherTexts).toEqual([
      "Looking.",
      "Let me look.",
      "Read\na.ts\ntop",
      "file text",
      "hit",
      "plain result",
      "a document",
    ]);
    expect(request.endsInToolResult).toBe(true);
    expect(request.notes).toEqual([]);
  });

  test("finds images inside tool results, tools, and signed thinking", () => {
    expect(request.facts).toMatchObject({
      images: 2,
      toolNames: ["Read"],
      signedThinkingBy: "anthropic",
      messages: 3,
      humanTurns: 1,
    });
    expect(request.maxOutputTokens).toBe(1024);
  });

  test("reads a system string and a structured output format", () => {
    const other = read({
      system: "Be kind.",
      messages: [{ role: "user", content: "hi" }],
      output_config: { format: { type: "json_schema", schema: {} } },
    });
    expect(other).toMatchObject({ wire: "messages", systemText: "Be kind.", structuredOutput: true });
  });

  test("takes words beside a tool result as a new ask", () => {
    const content = [
      { type: "tool_result", content: "ok" },
      { type: "text", text: "Now commit it" },
    ];
    const other = read({ messages: [{ role: "user", content }] }, { call_type: "anthropic_messages" });
    expect(other.turns.map(({ text }) => text)).toEqual(["Now commit it"]);
    expect(other.endsInToolResult).toBe(false);
  });
});

describe("readRequest() of Responses", () => {
  test("reads a string and instructions", () => {
    const request = read({
      input: "Hello",
      instructions: "Be brief.",
      max_output_tokens: 50,
      previous_response_id: "resp_1",
    });
    expect(request).toMatchObject({
      wire: "responses",
      turns: [{ text: "Hello", chars: 5 }],
      systemText: "Be brief.",
      maxOutputTokens: 50,
      facts: { previousResponseBy: "resp_1", messages: 1 },
    });
  });

  test("reads a list of items", () => {
    const request = read({
      input: [
        { role: "developer", content: "Mind the style." },
        {
          type: "message",
          role: "user",
          content: [
            { type: "input_text", text: "Draw" },
            { type: "input_image", image_url: "u" },
          ],
        },
        {
          type: "reasoning",
          summary: [{ type: "summary_text", text: "thinking" }],
          encrypted_content: "gAAA",
        },
        { type: "message", role: "assistant", content: [{ type: "output_text", text: "Done." }] },
        { type: "function_call", call_id: "c", name: "draw", arguments: '{"x":1}' },
        { type: "web_search_call", id: "w", status: "completed", action: { query: "cats" } },
        { type: "item_reference", id: "i" },
        { type: "function_call_output", call_id: "c", output: "drawn" },
      ],
      tools: [{ type: "function", name: "draw" }, { type: "web_search" }],
      text: { format: { type: "json_schema", name: "n", schema: {} } },
    });
    expect(request).toMatchObject({
      systemText: "Mind the style.",
      turns: [{ text: "Draw", chars: 4 }],
      otherTexts: ["thinking", "Done.", 'draw\n{"x":1}', "cats", "drawn"],
      endsInToolResult: true,
      structuredOutput: true,
      notes: [],
      facts: { images: 1, messages: 8, toolNames: ["draw", "web_search"], signedThinkingBy: "openai" },
    });
  });

  test("reads tool outputs that are lists or screenshots", () => {
    const request = read({
      input: [
        { type: "custom_tool_call_output", output: [{ type: "input_text", text: "listed" }] },
        { type: "computer_call_output", output: { type: "computer_screenshot", image_url: "data:x" } },
      ],
    });
    expect(request).toMatchObject({
      otherTexts: ["listed"],
      facts: { images: 1 },
      endsInToolResult: true,
      notes: [],
    });
  });
});

describe("readRequest() finds the wire format", () => {
  test.each([
    ["acompletion", { input: "x" }, "chat"],
    ["completion", {}, "chat"],
    ["atext_completion", { messages: [] }, "text"],
    ["text_completion", {}, "text"],
    ["anthropic_messages", { messages: [] }, "messages"],
    ["aresponses", {}, "responses"],
    ["responses", {}, "responses"],
    ["something_new", { input: [] }, "responses"],
    [null, { prompt: "x" }, "text"],
    [null, { messages: [], tools: [{ name: "a", input_schema: {} }] }, "messages"],
    [null, { messages: [] }, "chat"],
    [null, {}, "chat"],
  ])("for call type %s and %j: %s", (callType, body, wire) => {
    expect(read(body, { call_type: callType }).wire).toBe(wire);
  });
});

describe("readRequest() of the envelope", () => {
  test("takes the callback's facts one by one, and derives the rest", () => {
    const { facts } = read(
      {
        messages: [{ role: "user", content: "hello" }],
        tools: [{ type: "function", function: { name: "f" } }],
      },
      {
        facts: {
          asks: [[5, 6, 1], ...Array(64).fill([7, 8, 2])],
          chars: 90_000,
          human_turns: 12,
          tool_names: ["a", "b"],
          signed_thinking_by: "claude-x",
        },
      },
    );
    expect(facts).toMatchObject({
      chars: 90_000,
      utf8Bytes: 5,
      humanTurns: 12,
      messages: 1,
      toolNames: ["a", "b"],
      signedThinkingBy: "claude-x",
    });
    expect(facts.toolSchemaChars).toBeGreaterThan(20);
    expect(facts.toolText).toBe("type function function name f ");
    expect(facts.asks).toEqual(
      Array(64).fill({ chars: 7, utf8Bytes: 8, messages: 2, images: 0, fileChars: 0 }),
    );
  });

  test("maps the caller, tags, headers and ids", () => {
    const request = read(
      {},
      {
        litellm_call_id: "id-1",
        known: true,
        caller: { key_hash: "k", team_id: "t", budget_used_ratio: 0.5 },
        session_id: "s",
        tags: ["a", 5, "b".repeat(300)],
        headers: { "X-Tier": "simple", other: 3 },
      },
    );
    expect(request).toMatchObject({
      callId: "id-1",
      known: true,
      caller: {
        keyHash: "k",
        keyAlias: null,
        teamId: "t",
        userId: null,
        endUserId: null,
        budgetUsedRatio: 0.5,
      },
      sessionId: "s",
      tags: ["a", "b".repeat(256)],
      headers: { "x-tier": "simple" },
    });
    expect(request.notes.map(({ path }) => path)).toEqual(["tags[1]", "tags[2]", "headers"]);
  });

  test("keeps 64 tags", () => {
    const request = read({}, { tags: Array.from({ length: 70 }, (_, i) => `t${i}`) });
    expect(request.tags).toHaveLength(64);
    expect(request.notes).toEqual([{ path: "tags", note: "more than 64: the rest left out" }]);
  });

  test("takes `chars` of a cut block or message as the turn's length", () => {
    const messages = [
      { role: "user", content: "cut here", chars: 5_000 },
      {
        role: "user",
        content: [
          { type: "text", text: "head", chars: 900 },
          { type: "text", text: "whole" },
        ],
      },
      { role: "user", content: "not cut", chars: -3 },
    ];
    expect(read({ messages }).turns.map(({ chars }) => chars)).toEqual([5_000, 900 + 5 + 1, 7]);
  });

  test.each([
    [undefined, "auto", 0],
    [null, "auto", 0],
    ["gpt-5-mini", "gpt-5-mini", 0],
    [5, "auto", 1],
    [{ name: "x" }, "auto", 1],
    ["", "auto", 1],
    ["m".repeat(300), "m".repeat(256), 1],
  ])("reads the model %j", (model, requestedModel, notes) => {
    const request = read({ model });
    expect(request.requestedModel).toBe(requestedModel);
    expect(request.notes).toHaveLength(notes);
  });
});

describe("readRequest() of malformed parts", () => {
  test.each<[string, Record<string, unknown>, string[]]>([
    ["messages that are no list", { messages: "hello" }, ["messages"]],
    [
      "entries that are no message",
      { messages: [null, 3, "x"] },
      ["messages[0]", "messages[1]", "messages[2]"],
    ],
    ["a boolean as content", { messages: [{ role: "user", content: true }] }, ["messages[0].content"]],
    ["an unknown role", { messages: [{ role: 7, content: "x" }] }, ["messages[0].role"]],
    [
      "an unknown block",
      { messages: [{ role: "user", content: [{ type: "hologram" }] }] },
      ["messages[0].content[0]"],
    ],
    [
      "a text block without text",
      { messages: [{ role: "user", content: [{ type: "text" }] }] },
      ["messages[0].content[0]"],
    ],
    [
      "a tool call that is none",
      { messages: [{ role: "assistant", tool_calls: [null] }] },
      ["messages[0].tool_calls[0]"],
    ],
    ["tools that are no list", { messages: [], tools: {} }, ["tools"]],
    ["a tool without a name", { messages: [], tools: [{}, null] }, ["tools[0]", "tools[1]"]],
    ["a limit that is no number", { messages: [], max_tokens: "many" }, ["max_tokens"]],
    ["a limit below 1", { messages: [], max_tokens: -5 }, ["max_tokens"]],
    ["an unknown item", { input: [{ type: "telepathy" }, 4] }, ["input[0]", "input[1]"]],
  ])("notes %s", (_title, body, paths) => {
    expect(read(body).notes.map(({ path }) => path)).toEqual(paths);
  });

  test("reads a number as text and notes it", () => {
    const request = read({ messages: [{ role: "user", content: 42 }] });
    expect(request.turns).toEqual([{ text: "42", chars: 2 }]);
    expect(request.notes).toHaveLength(1);
  });

  test("takes null content for nothing, without a note", () => {
    expect(read({ messages: [{ role: "user", content: null }] })).toMatchObject({ turns: [], notes: [] });
  });

  test("replaces lone surrogates and NUL", () => {
    const request = read({ messages: [{ role: "user", content: "a\ud800b\0c 😀" }] });
    expect(request.turns[0]?.text).toBe("a\ufffdb\ufffdc 😀");
    expect(request.notes.map(({ note }) => note)).toEqual([
      "lone surrogates: replaced",
      "NUL characters: replaced",
    ]);
  });

  test("survives 10,000 levels wherever they stand", () => {
    const deep = JSON.parse(`${'{"content":['.repeat(10_000)}1${"]}".repeat(10_000)}`);
    const result = JSON.parse(`${'{"type":"tool_result","content":['.repeat(10_000)}1${"]}".repeat(10_000)}`);
    const request = read({
      model: deep,
      messages: [
        deep,
        { role: "user", content: [result] },
        { role: "assistant", content: [{ type: "tool_use", input: deep }] },
      ],
      tools: [{ type: "function", function: { name: "f", parameters: deep } }],
      response_format: deep,
    });
    expect(request.facts.messages).toBe(3);
    expect(request.facts.toolSchemaChars).toBeGreaterThan(10_000);
  });

  test("is not fooled by __proto__ and constructor keys", () => {
    const body = JSON.parse(
      '{"__proto__":{"messages":[{"role":"user","content":"injected"}]},"constructor":{"name":"x"},"messages":[{"__proto__":{"role":"user"},"content":"own"}]}',
    );
    const request = read(body, JSON.parse('{"headers":{"__proto__":"x","constructor":"y"}}'));
    expect(request.turns.map(({ text }) => text)).toEqual(["own"]);
    expect(Object.getPrototypeOf(request.headers)).toBe(Object.prototype);
    expect("messages" in {}).toBe(false);
  });

  test("keeps 20 notes and counts the rest, and no note holds text of the request", () => {
    const messages = Array.from({ length: 50 }, () => ({
      role: "secret-role",
      content: ["secret\ud800", { type: "secret-type" }],
    }));
    const { notes } = read({ messages, model: 5 });
    expect(notes).toHaveLength(21);
    expect(notes.at(-1)).toEqual({ path: "", note: `and ${1 + 3 * 50 - 20} more` });
    expect(JSON.stringify(notes)).not.toContain("secret");
  });

  test("looks at the newest 20,000 messages", () => {
    const messages = Array.from({ length: 30_000 }, (_, i) => ({ role: "user", content: `m${i}` }));
    const request = read({ messages });
    expect(request.turns).toHaveLength(20_000);
    expect(request.turns.at(-1)?.text).toBe("m29999");
    expect(request.facts.messages).toBe(30_000);
    expect(request.notes).toEqual([
      { path: "messages", note: "more than 20000 entries: the oldest left out" },
    ]);
  });
});

describe("readRequest() is total", () => {
  const callTypes = fc.constantFrom(
    null,
    "acompletion",
    "atext_completion",
    "anthropic_messages",
    "aresponses",
  );
  const json = fc.jsonValue({ maxDepth: 4, stringUnit: "binary" });
  const word = fc.constantFrom(
    "text",
    "image_url",
    "tool_use",
    "tool_result",
    "thinking",
    "document",
    "input_text",
    "reasoning",
  );
  const block = fc.record(
    {
      type: fc.oneof(word, json),
      text: json,
      content: json,
      input: json,
      source: json,
      chars: json,
      output: json,
    },
    { requiredKeys: [] },
  );
  const message = fc.record(
    {
      role: fc.oneof(fc.constantFrom("user", "assistant", "system", "tool"), json),
      type: fc.oneof(fc.constantFrom("message", "function_call", "function_call_output", "reasoning"), json),
      content: fc.oneof(fc.array(block), json),
      tool_calls: json,
      summary: json,
      arguments: json,
    },
    { requiredKeys: [] },
  );
  const list = fc.oneof(fc.array(fc.oneof(message, block, json)), json);
  const body = fc.record(
    {
      model: json,
      messages: list,
      input: list,
      prompt: list,
      system: list,
      instructions: list,
      tools: list,
      max_tokens: json,
      text: json,
    },
    { requiredKeys: [] },
  );

  test("on any JSON under body, and gives figures that make sense", () => {
    fc.assert(
      fc.property(fc.oneof(body, fc.dictionary(fc.string(), json)), callTypes, (value, callType) => {
        const request = read(value, { call_type: callType });
        expect(request.notes.length).toBeLessThanOrEqual(21);
        expect(request.facts.chars).toBeGreaterThanOrEqual(0);
        expect(request.facts.humanTurns).toBe(request.turns.length);
        for (const turn of request.turns) expect(turn.chars).toBeGreaterThanOrEqual(turn.text.length);
        expect(request.turns.every(({ text }) => text.isWellFormed() && text !== "")).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

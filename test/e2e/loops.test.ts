import { beforeAll, expect, inject, test } from "vitest";
import { z } from "zod";
import { act, changedConfig, recover } from "./support/act.ts";
import { ask } from "./support/ask.ts";
import { callsOf, wireModel } from "./support/calls.ts";
import { marked, promptOf, type TierName } from "./support/prompts.ts";
import { SLOWLY } from "./support/provider-answer.ts";
import { until } from "./support/until.ts";

/** Calls of a loop after the human's turn. */
const STEPS = 20;
/** The small model's window is passed at about the 12th of these, the medium one's never. */
const RESULT = "a line of a file that an agent has read, and another one of it\n".repeat(60);

const SIZE_RULE = `  rules:
    - {name: long, when: {min_input_tokens: 4000}, min_tier: complex}
  collector:`;

const catalog = z.object({
  models: z.array(
    z.object({ name: z.string(), health: z.object({ latency_ms: z.number().nullable() }).nullish() }),
  ),
});

beforeAll(() => recover());

/** Messages of an agent that has called a tool so many times since the human asked. */
function loopOf(prompt: string, calls: number): unknown[] {
  const steps = Array.from({ length: calls }, (_, i) => [
    {
      role: "assistant",
      content: [{ type: "tool_use", id: `toolu_${i}`, name: "read", input: { part: i } }],
    },
    { role: "user", content: [{ type: "tool_result", tool_use_id: `toolu_${i}`, content: RESULT }] },
  ]);
  return [{ role: "user", content: prompt }, ...steps.flat()];
}

const TOOLS = [
  { name: "read", description: "Reads a part.", input_schema: { type: "object", properties: {} } },
];

/** Asks for `auto` over Anthropic messages, as an agent with one tool does. */
async function askInLoop(prompt: string, calls: number): Promise<void> {
  const more = { messages: loopOf(prompt, calls), tools: TOOLS };
  const reply = await ask({ api: "messages", model: "auto", prompt, more });
  expect(reply.status, reply.text).toBe(200);
}

test.each<[TierName, string]>([
  ["medium", "medium"],
  ["complex", "large"],
])(
  "a tool loop of 20 steps that began in %s stays with one model, also through a restart of the sidecar",
  async (tier, model) => {
    await act("stop");
    await recover(await changedConfig("  collector:", SIZE_RULE));
    const { prompt, marker } = promptOf(tier);
    for (let step = 0; step <= STEPS; step += 1) {
      if (step === STEPS / 2) {
        await act("stop");
        await recover(await changedConfig("  collector:", SIZE_RULE));
      }
      await askInLoop(prompt, step);
    }
    const models = (await callsOf(marker)).map((call) => call.model);
    expect(models).toEqual(Array(STEPS + 1).fill(wireModel(model)));
  },
  120_000,
);

/** The average latency that the sidecar knows of a model, in milliseconds; null before the first answer. */
async function latencyOf(model: string): Promise<number | null> {
  const response = await fetch(`${inject("stack").sidecarUrl}/v1/catalog`, {
    headers: { authorization: "Bearer e2e-admin-secret" },
  });
  const { models } = catalog.parse(await response.json());
  return models.find(({ name }) => name === model)?.health?.latency_ms ?? null;
}

/** Has a provider's model answer in another conversation, so that its latency is known. */
async function measure(provider: string, how: string): Promise<void> {
  const { prompt } = marked(`${promptOf("complex").prompt} ${how}`);
  const headers = { "x-signalbox-prefer": provider };
  const reply = await ask({ api: "chat", model: "auto", prompt, stream: true, headers });
  expect(reply.status, reply.text).toBe(200);
}

test("a tool loop stays with the model that was picked by latency, although another one got faster", async () => {
  await act("stop");
  await recover(
    await changedConfig("models: [large, extra], pick: first", "models: [large, extra], pick: latency"),
  );
  const { prompt, marker } = promptOf("complex");
  // Nobody was measured: the first of the file.
  await askInLoop(prompt, 0);
  await measure("anthropic", SLOWLY);
  await measure("openai", "quickly");
  await until("a latency of large that is twice that of extra", 20_000, async () => {
    const [large, extra] = [await latencyOf("large"), await latencyOf("extra")];
    return large !== null && extra !== null && large > 2 * extra ? true : null;
  });
  // Before the loop goes on: its quick answers make large fast again.
  const another = promptOf("complex");
  await askInLoop(another.prompt, 0);
  await askInLoop(prompt, 1);
  await askInLoop(prompt, 2);
  const modelsOf = async (mark: string) => (await callsOf(mark)).map((call) => call.model);
  expect(await modelsOf(marker)).toEqual(Array(3).fill(wireModel("large")));
  expect(await modelsOf(another.marker)).toEqual([wireModel("extra")]);
  await act("stop");
  await recover();
}, 120_000);

test("each fallback of the ladder is asked for no more output than its own model allows", async () => {
  await act("stop");
  const failing = "simple: {score_range: [0, 40], model: flaky}";
  await recover(await changedConfig("simple: {score_range: [0, 40], model: small}", failing));
  const { prompt, marker } = promptOf("simple");
  const reply = await ask({ api: "messages", model: "auto", prompt, more: { max_tokens: 30_000 } });
  expect(reply.status, reply.text).toBe(200);
  const calls = await callsOf(marker);
  // LiteLLM asks an OpenAI model for messages over its Responses API.
  expect(calls[0]).toMatchObject({ model: "fail-500", body: { max_output_tokens: 30_000 } });
  expect(calls.at(-1)).toMatchObject({ model: wireModel("medium"), body: { max_output_tokens: 16_000 } });
  await act("stop");
  await recover();
});

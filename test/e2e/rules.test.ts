import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { act, changedConfig, recover } from "./support/act.ts";
import { type Api, apis, ask, type Question, type Reply } from "./support/ask.ts";
import { callOf, wireModel } from "./support/calls.ts";
import { marked, promptOf, type TierName } from "./support/prompts.ts";
import { RoutingLogs } from "./support/rows.ts";
import { until } from "./support/until.ts";

/** Words decide which rule matches; no classifier scores them. */
const RULES = `
  rules:
    - {name: floor, when: {text_contains: floored}, min_tier: complex, stop: false}
    - {name: model, when: {text_contains: pangolin}, model: extra}
    - {name: tier, when: {text_contains: lemur}, tier: complex}
    - {name: cheap tier, when: {text_contains: floored}, tier: simple}
    - {name: min, when: {text_contains: otter}, min_tier: medium}
    - {name: max, when: {text_contains: heron}, max_tier: medium}
    - {name: pick, when: {text_contains: ibis}, pick: weighted}
    - {name: shadow, when: {text_contains: tapir}, mode: shadow}
    - {name: cost, when: {text_contains: egret}, max_cost_usd: 0.002}
    - {name: latency, when: {text_contains: stork}, max_latency_ms: 1}
    - {name: header, when: {header: {x-app: "cli*"}}, tier: complex}
    - {name: tag, when: {tag: batch}, tier: complex}
    - {name: plan, when: {harness_matches: plan mode is active}, tier: complex}
    - {name: system, when: {system_matches: 'generate a (short )?title'}, tier: complex}
    - {name: tools, when: {tool_name: "mcp__*", call_type: acompletion}, tier: complex}`;

const logs = new RoutingLogs();
beforeAll(async () => {
  await logs.connect();
  await act("stop");
  await recover(await changedConfig("  unknown_model: auto", `  unknown_model: auto${RULES}`));
});
afterAll(async () => {
  await act("stop");
  await recover();
  await logs.close();
});

/** Asks with a word of a rule in a prompt that is classified into the tier; gives the answer and who served it. */
async function served(
  tier: TierName,
  word: string,
  more: Partial<Question> = {},
): Promise<{ reply: Reply; wire: string }> {
  const { prompt, marker } = promptOf(tier);
  const reply = await ask({ api: "chat", model: "auto", prompt: `${word} ${prompt}`, ...more });
  expect(reply.status, reply.text).toBe(200);
  return { reply, wire: (await callOf(marker)).model ?? "none" };
}

describe("an action of a rule", () => {
  test.each(apis)("%s: model serves that model", async (api: Api) => {
    const { reply, wire } = await served("simple", "pangolin", { api });
    expect(wire).toBe(wireModel("extra"));
    expect(reply.decision("method")).toBe("rule");
    expect(reply.decision("reason")).toBe('rule "model": model extra');
    const row = await logs.rowOf(reply.decision("decision-id") ?? "");
    expect(row).toMatchObject({ method: "rule", tier: "complex", resolved_model: "extra" });
  });

  test.each(apis)("%s: tier serves that tier, without a classifier", async (api: Api) => {
    const { reply, wire } = await served("simple", "lemur", { api });
    expect(wire).toBe(wireModel("large"));
    expect(reply.decision("tier")).toBe("complex");
    expect(reply.decision("score")).toBeNull();
  });

  test("min_tier raises a simple request", async () => {
    const { reply, wire } = await served("simple", "otter");
    expect(wire).toBe(wireModel("medium"));
    expect(reply.decision("reason")).toContain('raised to medium by rule "min"');
  });

  test("max_tier lowers a complex request", async () => {
    const { reply, wire } = await served("complex", "heron");
    expect(wire).toBe(wireModel("medium"));
    expect(reply.decision("method")).toBe("auto");
  });

  test("pick splits a pool that would serve its first model", async () => {
    const wires = new Set<string>();
    for (let round = 0; round < 16; round += 1) wires.add((await served("complex", "ibis")).wire);
    expect(wires).toEqual(new Set([wireModel("large"), wireModel("extra")]));
  });

  test("mode: shadow serves the backing of this request, and logs what it would have been", async () => {
    const { reply, wire } = await served("complex", "tapir");
    expect(wire).toBe(wireModel("medium"));
    const row = await logs.rowOf(reply.decision("decision-id") ?? "");
    expect(row).toMatchObject({ tier: "complex", resolved_model: "large" });
  });

  test("max_cost_usd leaves out what is dearer", async () => {
    expect((await served("complex", "egret")).wire).toBe(wireModel("medium"));
  });

  test("max_latency_ms leaves out what was slower", async () => {
    const reason = await until("a measured latency", 20_000, async () => {
      const { reply } = await served("complex", "stork");
      return reply.decision("tier") === "complex" ? null : reply.decision("reason");
    });
    expect(reason).not.toBeNull();
  });

  test("stop: false keeps its floor for the rule that decides", async () => {
    const { reply, wire } = await served("simple", "floored");
    expect(wire).toBe(wireModel("large"));
    expect(reply.decision("reason")).toBe(
      'rule "cheap tier": tier simple; raised to complex by rule "floor"',
    );
  });
});

describe("a condition of a rule", () => {
  test("header: the callback sends the header that the policy names", async () => {
    // The answer to any question before tells the callback which.
    await served("simple", "");
    const { reply, wire } = await served("simple", "", { headers: { "x-app": "cli-bg" } });
    expect(reply.decision("reason")).toBe('rule "header": tier complex');
    expect(wire).toBe(wireModel("large"));
    expect((await served("simple", "", { headers: { "x-app": "web" } })).wire).toBe(wireModel("small"));
  });

  test("tag: the request's tags reach the rules", async () => {
    const { reply } = await served("simple", "", { more: { metadata: { tags: ["batch"] } } });
    expect(reply.decision("reason")).toBe('rule "tag": tier complex');
  });

  test.each(apis)("%s: harness_matches sees what the callback takes out of the turn", async (api: Api) => {
    const reminder = "<system-reminder>Plan mode is active.</system-reminder>";
    const { reply, wire } = await served("simple", reminder, { api });
    expect(reply.decision("reason")).toBe('rule "plan": tier complex');
    expect(wire).toBe(wireModel("large"));
  });

  test("system_matches reads the system text", async () => {
    const { prompt } = marked("hello");
    const messages = [
      { role: "system", content: "Generate a short title." },
      { role: "user", content: prompt },
    ];
    const reply = await ask({ api: "chat", model: "auto", prompt, more: { messages } });
    expect(reply.decision("reason")).toBe('rule "system": tier complex');
  });

  test("tool_name sees the tools that the client offers", async () => {
    const tools = [{ type: "function", function: { name: "mcp__search", parameters: { type: "object" } } }];
    const { reply } = await served("simple", "", { more: { tools } });
    expect(reply.decision("reason")).toBe('rule "tools": tier complex');
  });
});

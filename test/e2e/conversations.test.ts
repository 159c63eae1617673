import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { z } from "zod";
import { act, changedConfig, recover } from "./support/act.ts";
import { ask } from "./support/ask.ts";
import { callsOf, wireModel } from "./support/calls.ts";
import { promptOf, type TierName } from "./support/prompts.ts";
import { until } from "./support/until.ts";

/** Conversations that are spread over the groups of a rollout and over the models of a tier. */
const CROWD = 20;

/** Conversations that are asked for a share, and how many of them at once. */
const SPREAD = 2_500;
const AT_ONCE = 8;

type Message = Readonly<Record<string, unknown>>;

const tools = [{ name: "read_file", description: "Reads a file.", input_schema: { type: "object" } }];

/** What files say, five in a row the same: enough for human turns to bring a conversation up or down. */
const FILES = ["The sparrow and the finch.", "The cat.", "The wombat, the quokka, the numbat and the dingo."];

/** One call of the tool with its answer, as clients of /v1/messages write it. */
function toolStep(step: number): readonly Message[] {
  const id = `toolu_${step}`;
  const content = FILES[Math.floor(step / 5) % FILES.length] ?? "";
  return [
    { role: "assistant", content: [{ type: "tool_use", id, name: "read_file", input: { step } }] },
    { role: "user", content: [{ type: "tool_result", tool_use_id: id, content }] },
  ];
}

/** A conversation that uses a tool, one request after the other. */
class ToolLoop {
  readonly marker: string;
  readonly #messages: Message[];

  constructor(tier: TierName) {
    const { prompt, marker } = promptOf(tier);
    this.marker = marker;
    this.#messages = [{ role: "user", content: prompt }];
  }

  async step(stream: boolean): Promise<void> {
    const reply = await ask({
      api: "messages",
      model: "auto",
      prompt: "",
      stream,
      more: { messages: this.#messages, tools },
    });
    expect(reply.status, reply.text).toBe(200);
    this.#messages.push(...toolStep((this.#messages.length - 1) / 2));
  }

  /** Models that a provider was asked for, oldest first. */
  async models(): Promise<readonly (string | null)[]> {
    return (await callsOf(this.marker)).map(({ model }) => model);
  }
}

beforeAll(() => recover());

/** Starts the sidecar anew, with one text of its gateway.yaml replaced. */
async function restart(from: string, to: string): Promise<void> {
  await act("stop");
  await recover(await changedConfig(from, to));
}

async function restartPlain(): Promise<void> {
  await act("stop");
  await recover();
}

describe("where a tier is split by weight", () => {
  const split = ["models: [large, extra], pick: first", "models: [large, extra], pick: weighted"] as const;
  beforeAll(() => restart(...split));
  afterAll(restartPlain);

  test("conversations stay with their models over a restart of the sidecar", async () => {
    const loops = Array.from({ length: CROWD }, () => new ToolLoop("complex"));
    for (const loop of loops) await loop.step(false);
    await restart(...split);
    for (const loop of loops) await loop.step(false);
    const served = await Promise.all(loops.map((loop) => loop.models()));
    for (const [before, after] of served) expect(after).toBe(before);
    // Chance puts all of them with one model once in 524,288 runs.
    expect(new Set(served.flat())).toEqual(new Set([wireModel("large"), wireModel("extra")]));
  });
});

const stats = z.object({
  by_rollout: z.array(
    z.object({ rollout: z.string().nullable(), requests: z.number(), outcomes: z.number() }),
  ),
});

/** The groups of the rollout that have outcomes. */
async function groupsWithOutcomes(): Promise<readonly (string | null)[]> {
  const { sidecarUrl } = inject("stack");
  const headers = { authorization: `Bearer e2e-admin-secret` };
  const response = await fetch(`${sidecarUrl}/v1/stats`, { headers });
  const { by_rollout } = stats.parse(await response.json());
  return by_rollout.filter(({ outcomes }) => outcomes > 0).map(({ rollout }) => rollout);
}

describe("where half of the conversations are served by the policy", () => {
  beforeAll(() => restart("mode: enforce", "mode: enforce\n  rollout: {percent: 50}"));
  afterAll(restartPlain);

  test("each stays in its group, and both groups have figures in /v1/stats", async () => {
    const loops = Array.from({ length: CROWD }, () => new ToolLoop("complex"));
    for (const loop of loops) await loop.step(false);
    for (const loop of loops) await loop.step(true);
    const served = await Promise.all(loops.map((loop) => loop.models()));
    for (const [before, after] of served) expect(after).toBe(before);
    // The policy's decision, and the backing of the virtual name.
    expect(new Set(served.flat())).toEqual(new Set([wireModel("large"), wireModel("medium")]));
    await until("both groups in /v1/stats", 20_000, async () => {
      const groups = await groupsWithOutcomes();
      return groups.includes("policy") && groups.includes("control") ? groups : null;
    });
  });
});

describe("where a tenth of the conversations are served by the policy", () => {
  beforeAll(() => restart("mode: enforce", "mode: enforce\n  rollout: {percent: 10}"));
  afterAll(restartPlain);

  // The texts are always the same, and so is the group of each.
  test(`of ${SPREAD} it serves a tenth, within 1 %`, { timeout: 240_000 }, async () => {
    let [asked, served] = [0, 0];
    const askOn = async () => {
      while (asked < SPREAD) {
        asked += 1;
        const reply = await ask({ api: "chat", model: "auto", prompt: `What is behind door ${asked}?` });
        expect(reply.status, reply.text).toBe(200);
        served += reply.decision("reason")?.startsWith("shadow, ") === false ? 1 : 0;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, askOn));
    expect(Math.abs((100 * served) / SPREAD - 10)).toBeLessThan(1);
  });
});

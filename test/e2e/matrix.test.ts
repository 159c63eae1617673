import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Api, apis, ask, type Question, type Reply, streamEnds } from "./support/ask.ts";
import { callOf, wireModel } from "./support/calls.ts";
import { promptOf, type TierName } from "./support/prompts.ts";
import { RoutingLogs } from "./support/rows.ts";
import { saidInStream } from "./support/said.ts";

/** A name that a client asks for, and what must become of it. */
interface Case {
  readonly kind: string;
  readonly model: string | null;
  readonly prompt: TierName;
  readonly method: string;
  readonly tier: TierName | null;
  /** The model group that must serve it. */
  readonly served: string;
}

const cases: readonly Case[] = [
  { kind: "auto", model: "auto", prompt: "simple", method: "auto", tier: "simple", served: "small" },
  { kind: "auto", model: "auto", prompt: "complex", method: "auto", tier: "complex", served: "large" },
  { kind: "an alias", model: "helper", prompt: "simple", method: "alias", tier: null, served: "side" },
  {
    kind: "an alias of an alias",
    model: "best",
    prompt: "simple",
    method: "alias",
    tier: null,
    served: "large",
  },
  {
    kind: "a pattern",
    model: "claude-x",
    prompt: "simple",
    method: "pattern",
    tier: "simple",
    served: "small",
  },
  { kind: "a model", model: "side", prompt: "complex", method: "passthrough", tier: null, served: "side" },
  {
    kind: "a wildcard of LiteLLM's",
    model: "vendor/some-model",
    prompt: "complex",
    method: "passthrough",
    tier: null,
    served: "vendor/some-model",
  },
  {
    kind: "an unknown name",
    model: "no-such-x",
    prompt: "medium",
    method: "auto",
    tier: "medium",
    served: "medium",
  },
];

const logs = new RoutingLogs();
beforeAll(() => logs.connect());
afterAll(() => logs.close());

for (const api of apis) {
  for (const stream of [false, true]) {
    describe(`${api}, ${stream ? "streaming" : "plain"}`, () => {
      test.each(cases)("$kind: $model is served by $served", async (wanted) => {
        const { prompt, marker } = promptOf(wanted.prompt);
        const reply = await ask({ api, stream, model: wanted.model, prompt });
        expectWholeAnswer(reply, { api, stream, served: wanted.served });
        expect((await callOf(marker)).model).toBe(wireModel(wanted.served));
        expectHeaders(reply, wanted);
        await expectRow(reply, wanted);
      });
    });
  }
}

/** LiteLLM itself refuses a request without a model on every API but these, before any hook runs. */
test.each(["chat", "messages"] satisfies Api[])("%s without a model is auto", async (api) => {
  const { prompt, marker } = promptOf("simple");
  const reply = await ask({ api, model: null, prompt } satisfies Question);
  expect(reply.status, reply.text).toBe(200);
  expect((await callOf(marker)).model).toBe(wireModel("small"));
  expect(reply.decision("method")).toBe("auto");
});

function expectWholeAnswer(
  reply: Reply,
  { api, stream, served }: { readonly api: Api; readonly stream: boolean; readonly served: string },
): void {
  expect(reply.status, reply.text).toBe(200);
  const said = stream ? saidInStream(api, reply.text) : reply.text;
  expect(said).toContain(`answered by ${wireModel(served)}`);
  if (stream) expect(reply.text).toContain(streamEnds[api]);
}

function expectHeaders(reply: Reply, wanted: Case): void {
  expect(reply.decision("model")).toBe(wanted.served);
  expect(reply.decision("method")).toBe(wanted.method);
  expect(reply.decision("tier")).toBe(wanted.tier);
  expect(reply.decision("reason")).toMatch(/^[\x20-\x7e]+$/);
  expect(reply.decision("score") !== null).toBe(wanted.tier !== null);
}

async function expectRow(reply: Reply, wanted: Case): Promise<void> {
  const id = reply.decision("decision-id");
  expect(id).not.toBeNull();
  const row = await logs.rowOf(id ?? "");
  expect(row).toMatchObject({
    method: wanted.method,
    tier: wanted.tier,
    strategy: wanted.tier === null ? null : "static",
    original_model: wanted.model,
    resolved_model: wanted.served,
  });
}

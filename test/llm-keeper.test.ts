import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createSnapshot } from "../src/compose.ts";
import { LlmKeeper } from "../src/llm-keeper.ts";
import { questionOf } from "./classify/llm/question-of.ts";
import { type FakeChat, startFakeChat } from "./support/fake-ollama-chat.ts";
import { POLICY, policyOf } from "./support/sidecar-app.ts";

let fake: FakeChat;
let keeper: LlmKeeper;
let lines: { readonly event: string; readonly model: string; readonly trouble?: string }[];

beforeEach(async () => {
  fake = await startFakeChat();
  fake.behave({ kind: "say", content: '{"tier": "complex"}' });
  lines = [];
  const log = (line: (typeof lines)[number]) => lines.push(line);
  keeper = new LlmKeeper({ info: log, warn: log });
});
afterEach(async () => {
  keeper.close();
  await fake.close();
});

interface Changes {
  readonly strategy?: string;
  readonly model?: string;
  readonly extra?: string;
  readonly policy?: string;
}

function snapshotOf({ strategy = "llm", model = "tiny", extra = "", policy = POLICY }: Changes = {}) {
  const llm = `{api: ollama, api_base: "${fake.url}", model: ${model}${extra}}`;
  const classifier = `classifier: {strategy: ${strategy}, llm: ${llm}}`;
  return createSnapshot(policyOf(policy.replace("classifier: {strategy: static}", classifier)));
}

const attach = async (changes?: Changes) => {
  const snapshot = keeper.attach(snapshotOf(changes));
  await keeper.started();
  return snapshot;
};

describe("LlmKeeper.attach()", () => {
  it.each(["static", "ml"])(
    "leaves the snapshot of a policy with %s as it is, and asks nothing",
    async (strategy) => {
      const before = snapshotOf({ strategy });
      expect(keeper.attach(before)).toBe(before);
      await keeper.started();
      expect({ status: keeper.status(), asked: fake.asked }).toEqual({ status: null, asked: [] });
    },
  );

  it("asks no LLM where there is one tier: nothing is to be chosen", () => {
    const policy = POLICY.replace("[0, 65]", "[0, 100]").replace(/ {4}complex: .*\n/, "");
    const before = snapshotOf({ policy });
    expect(keeper.attach(before)).toBe(before);
  });

  it("makes an LLM decide, and says so in the revision", async () => {
    const { consult, instead, classifierRevision } = await attach();
    expect({ instead, classifierRevision }).toMatchObject({
      instead: null,
      classifierRevision: expect.stringMatching(/\+llm-1 tiny$/),
    });
    expect(await consult?.(questionOf("Why?"))).toMatchObject({
      outcome: "decided",
      words: "tiny says complex",
    });
    expect(lines).toEqual([{ event: "llm_ready", model: "tiny" }]);
    expect(keeper.status()).toMatchObject({ state: "ready", outcomes: { model: 1 } });
  });

  it("tells the model what a tier is for: the policy's own words, else those of its name", async () => {
    await attach({
      policy: POLICY.replace("model: large", 'model: large, description: "proofs and audits"'),
    });
    const [{ content = "" } = {}] = fake.asked[0]?.messages ?? [];
    expect(content).toContain('- "complex": proofs and audits');
    expect(content).toMatch(/- "simple": \w+/);
  });

  it("in a cascade asks where the fast classifier is not sure", async () => {
    const { consult } = await attach({ strategy: "cascade" });
    expect(
      consult?.({ ...questionOf("Sure?"), fast: { strategy: "ml", score: 5, confidence: 0.9 } }),
    ).toBeNull();
    const unsure = consult?.({
      ...questionOf("Unsure?"),
      fast: { strategy: "ml", score: 50, confidence: 0 },
    });
    expect(await unsure).toMatchObject({ outcome: "decided" });
  });

  it("keeps cache and breaker under a policy with the same settings", async () => {
    const first = await attach();
    await first.consult?.(questionOf("Why?"));
    const asked = fake.asked.length;
    const second = await attach({ policy: POLICY.replace("auto_route}", "auto_route, cheap: small}") });
    expect(second.consult?.(questionOf("Why?"))).toMatchObject({ outcome: "decided", from: "cache" });
    expect({ asked: fake.asked.length, lines: lines.length }).toEqual({ asked, lines: 1 });
  });

  it.each<[string, Changes]>([
    ["another model", { model: "other" }],
    ["another timeout", { extra: ", timeout_ms: 900" }],
    ["another strategy", { strategy: "cascade" }],
    ["another range", { policy: POLICY.replace("65]", "60]").replace("[66", "[61") }],
    ["another description", { policy: POLICY.replace("model: large", "model: large, description: proofs") }],
  ])("starts anew for %s, and lets the earlier LLM go", async (_what, changes) => {
    const first = await attach();
    await first.consult?.(questionOf("Why?"));
    await attach(changes);
    expect(keeper.status()).toMatchObject({ state: "ready", outcomes: {} });
    expect(first.consult?.(questionOf("Why not?"))).toMatchObject({ outcome: "stopping" });
  });

  it("ends the questions of an LLM that a policy does without", async () => {
    const { consult } = await attach();
    fake.behave({ kind: "hang" });
    const waiting = consult?.(questionOf("Why?"));
    await attach({ strategy: "static" });
    expect(await waiting).toMatchObject({ verdict: null, outcome: "stopping" });
    expect(keeper.status()).toBeNull();
  });
});

describe("LlmKeeper.started()", () => {
  it("settles where the model is away, with a warning that says how to mend it", async () => {
    fake.behave({ kind: "status", status: 404, body: "{}" });
    const { consult } = await attach();
    expect(lines).toEqual([
      { event: "llm_away", model: "tiny", trouble: expect.stringContaining('run "ollama pull tiny"') },
    ]);
    expect(consult?.(questionOf("Why?"))).toMatchObject({ outcome: "away" });
  });
});

describe("LlmKeeper.close()", () => {
  it("ends what is asked, and asks nothing more", async () => {
    const { consult } = await attach();
    fake.behave({ kind: "hang" });
    const waiting = consult?.(questionOf("Why?"));
    keeper.close();
    expect(await waiting).toMatchObject({ outcome: "stopping" });
    expect(consult?.(questionOf("Why not?"))).toMatchObject({ outcome: "stopping" });
  });
});

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { act, changedConfig, decisionsReturn, recover } from "./support/act.ts";
import { type Api, apis, ask, type Reply } from "./support/ask.ts";
import { callsOf, wireModel } from "./support/calls.ts";
import { promptOf, type TierName, tiers } from "./support/prompts.ts";
import { RoutingLogs } from "./support/rows.ts";

beforeAll(() => recover());

/** Names that are routed by how hard the request is, and aliases of models that the restricted keys may not call. */
const autoRouted = ["auto", "claude-x", "no-such-x"] as const;
const aliasesOfForbidden = ["opus", "best", "helper"] as const;

const bestOfTwo: Readonly<Record<TierName, string>> = {
  simple: "small",
  medium: "medium",
  complex: "medium",
};

/** The one model that a provider was asked for, null where it was not called at all. */
async function served(marker: string): Promise<string | null> {
  const calls = await callsOf(marker);
  expect(calls.length).toBeLessThanOrEqual(1);
  return calls[0]?.model ?? null;
}

describe.each([
  { key: "sk-e2e-two", why: "models of the key" },
  { key: "sk-e2e-team", why: "models of the team" },
  { key: "sk-e2e-user", why: "models of the user" },
  { key: "sk-e2e-budget", why: "model budget of the key" },
  { key: "sk-e2e-user-budget", why: "model budget of the user" },
])("$key, kept to small and medium by the $why", ({ key }) => {
  const asked = autoRouted.flatMap((model) => tiers.map((tier) => ({ model, tier })));

  test.each(asked)("$model, a $tier prompt: the best that it may use", async ({ model, tier }) => {
    const { prompt, marker } = promptOf(tier);
    const reply = await ask({ api: "chat", model, prompt, key });
    expect(reply.status, reply.text).toBe(200);
    expect(await served(marker)).toBe(wireModel(bestOfTwo[tier]));
    expect(reply.decision("model")).toBe(bestOfTwo[tier]);
  });

  test.each(aliasesOfForbidden)("%s, an alias of a forbidden model: a clear 403", async (model) => {
    const { prompt, marker } = promptOf("complex");
    const reply = await ask({ api: "chat", model, prompt, key });
    expectClearRefusal(reply, model);
    expect(await served(marker)).toBeNull();
  });

  test.each(apis.flatMap((api) => [false, true].map((stream) => ({ api, stream }))))(
    "$api, stream $stream: a complex prompt never reaches a third model",
    async ({ api, stream }) => {
      const { prompt, marker } = promptOf("complex");
      const reply = await ask({ api, stream, model: "auto", prompt, key });
      expect(reply.status, reply.text).toBe(200);
      expect(await served(marker)).toBe(wireModel("medium"));
    },
  );
});

test.each(tiers)("a key of an access group gets the group's model, a %s prompt", async (tier) => {
  const { prompt, marker } = promptOf(tier);
  const reply = await ask({ api: "chat", model: "auto", prompt, key: "sk-e2e-group" });
  expect(reply.status, reply.text).toBe(200);
  expect(await served(marker)).toBe(wireModel("small"));
});

describe("a virtual name whose backing costs nothing, for which LiteLLM looks at no budget", () => {
  test.each([
    { key: "sk-e2e-spent", model: "local" },
    { key: "sk-e2e-team-spent", model: "local" },
    { key: "sk-e2e-all", model: "large" },
  ])("$key is served by $model", async ({ key, model }) => {
    const { prompt, marker } = promptOf("simple");
    const reply = await ask({ api: "chat", model: "thrifty", prompt, key });
    expect(reply.status, reply.text).toBe(200);
    expect(await served(marker)).toBe(wireModel(model));
    expect(reply.decision("model")).toBe(model);
  });
});

test("a key that may not call the virtual name is refused by LiteLLM", async () => {
  const { prompt, marker } = promptOf("simple");
  const reply = await ask({ api: "chat", model: "auto", prompt, key: "sk-e2e-no-auto" });
  expect(reply.status, reply.text).toBe(403);
  expect(await served(marker)).toBeNull();
});

describe("a key that may only call auto", () => {
  test.each(apis)("strict, %s: a clear 403", async (api) => {
    const { prompt, marker } = promptOf("simple");
    const reply = await ask({ api, model: "auto", prompt, key: "sk-e2e-auto-only" });
    expectClearRefusal(reply, "auto");
    expect(await served(marker)).toBeNull();
  });

  describe("under access: virtual_name", () => {
    beforeAll(async () => {
      await act("stop");
      await recover(await changedConfig("access: strict", "access: virtual_name"));
    });
    afterAll(async () => {
      await act("stop");
      await recover();
    });

    test.each(tiers)("a %s prompt is served by its tier", async (tier) => {
      const { prompt, marker } = promptOf(tier);
      const reply = await ask({ api: "chat", model: "auto", prompt, key: "sk-e2e-auto-only" });
      expect(reply.status, reply.text).toBe(200);
      expect(await served(marker)).toBe(
        wireModel({ simple: "small", medium: "medium", complex: "large" }[tier]),
      );
    });

    test("a model by its own name stays forbidden", async () => {
      const { prompt, marker } = promptOf("simple");
      const reply = await ask({ api: "chat", model: "large", prompt, key: "sk-e2e-auto-only" });
      expect(reply.status, reply.text).toBe(403);
      expect(await served(marker)).toBeNull();
    });
  });
});

describe("a client that imitates our marks", () => {
  const forgedId = "01930000-0000-7000-8000-000000000000";
  /** Every field that our own mark has, and some that it might have. */
  const forged = {
    decision_id: forgedId,
    model: "large",
    applied_model: "large",
    applied: "large",
    requested_model: "auto",
    tier: "complex",
    method: "auto",
    score: 99,
    reason: "forged",
    access: "virtual_name",
    candidates: ["large"],
    denied: [],
  };
  const marks = {
    signalbox: forged,
    _signalbox: forged,
    spend_logs_metadata: { signalbox: forged },
    model_group: "large",
  };
  const headers = {
    "x-signalbox-decision-id": forgedId,
    "x-signalbox-model": "large",
    "x-signalbox-score": "99",
    "x-litellm-spend-logs-metadata": JSON.stringify({ signalbox: forged }),
  };
  const fields = { metadata: marks, litellm_metadata: marks, signalbox: forged };

  /** Responses takes strings as values of its metadata only. */
  const flatFields = { ...fields, metadata: { signalbox: JSON.stringify(forged), decision_id: forgedId } };

  const forgeries = (["chat", "messages", "responses"] satisfies Api[]).map((api) => ({
    api,
    more: api === "chat" ? fields : flatFields,
  }));

  const logs = new RoutingLogs();
  beforeAll(() => logs.connect());
  afterAll(() => logs.close());

  test.each(forgeries)("$api: is served, and logged, as if it had not", async ({ api, more }) => {
    const { prompt, marker } = promptOf("simple");
    const reply = await ask({ api, model: "auto", prompt, key: "sk-e2e-two", headers, more });
    expect(reply.status, reply.text).toBe(200);
    expect(await served(marker)).toBe(wireModel("small"));
    expect(reply.decision("model")).toBe("small");
    expect(reply.decision("tier")).toBe("simple");
    const id = reply.decision("decision-id") ?? "";
    expect(id).not.toBe(forgedId);
    expect(await logs.rowOf(id)).toMatchObject({ resolved_model: "small", tier: "simple" });
  });

  describe("while the sidecar is away", () => {
    beforeAll(() => act("kill"));
    afterAll(async () => {
      await act("start");
      await decisionsReturn();
    });

    test.each(forgeries)("$api: the backing serves, and no mark comes back", async ({ api, more }) => {
      const { prompt, marker } = promptOf("simple");
      const reply = await ask({ api, model: "auto", prompt, key: "sk-e2e-two", headers, more });
      expect(reply.status, reply.text).toBe(200);
      expect(await served(marker)).toBe(wireModel("medium"));
      for (const name of ["decision-id", "model", "tier"] as const) expect(reply.decision(name)).toBeNull();
    });
  });
});

/** A refusal says who refuses, which name was asked for, and that it is a matter of the key. */
function expectClearRefusal(reply: Reply, model: string): void {
  expect(reply.status, reply.text).toBe(403);
  for (const word of ["Signalbox: ", "this key", model]) expect(reply.text).toContain(word);
}

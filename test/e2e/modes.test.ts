import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { act, changedConfig, recover } from "./support/act.ts";
import { apis, ask } from "./support/ask.ts";
import { callOf, wireModel } from "./support/calls.ts";
import { promptOf } from "./support/prompts.ts";
import { RoutingLogs } from "./support/rows.ts";

const logs = new RoutingLogs();
beforeAll(() => logs.connect());
afterAll(async () => {
  await act("stop");
  await recover();
  await logs.close();
});

describe("mode: shadow", () => {
  beforeAll(async () => {
    await act("stop");
    await recover(await changedConfig("mode: enforce", "mode: shadow"));
  });

  test.each(apis)("%s: the backing serves, and what would have been served is logged", async (api) => {
    const { prompt, marker } = promptOf("complex");
    const reply = await ask({ api, model: "auto", prompt });
    expect(reply.status, reply.text).toBe(200);
    expect((await callOf(marker)).model).toBe(wireModel("medium"));
    const row = await logs.rowOf(reply.decision("decision-id") ?? "");
    expect(row).toMatchObject({ tier: "complex", original_model: "auto", resolved_model: "large" });
  });
});

describe("mode: off", () => {
  beforeAll(async () => {
    await act("stop");
    await act("start", await changedConfig("mode: enforce", "mode: off"));
  });

  const markers: string[] = [];

  test.each(apis)("%s: the backing serves, and nothing is decided", async (api) => {
    const { prompt, marker } = promptOf("complex");
    markers.push(marker);
    const reply = await ask({ api, model: "auto", prompt });
    expect(reply.status, reply.text).toBe(200);
    expect((await callOf(marker)).model).toBe(wireModel("medium"));
    for (const name of ["decision-id", "model", "method", "reason"] as const)
      expect(reply.decision(name)).toBeNull();
  });

  test("nothing of it is in the log, which a sidecar that ends has written", async () => {
    await act("stop");
    expect(markers).toHaveLength(apis.length);
    for (const marker of markers) expect(await logs.countOf(marker)).toBe(0);
  });
});

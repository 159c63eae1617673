import { readFile, rename, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { z } from "zod";
import { recover } from "./support/act.ts";
import { ask } from "./support/ask.ts";
import { failuresOf, sendCrowd, strayCalls } from "./support/crowd.ts";
import { promptOf } from "./support/prompts.ts";
import { until } from "./support/until.ts";

/** Longest time from a change of the file until it is seen and put in force, in milliseconds. */
const SEEN_MS = 20_000;

/** What serves the crowd then is what its backings serve too. */
const RULES = "\n  rules: [{name: reloaded, tier: medium}]\n";

const status = z.object({
  policy: z.object({ last_errors: z.array(z.string()) }),
  alarms: z.array(z.string()),
});

let before = "";
beforeAll(async () => {
  await recover();
  before = await readFile(inject("stack").configFile, "utf8");
});
afterAll(() => replaceWith(before));

/** As editors do it. */
async function replaceWith(text: string): Promise<void> {
  const { configFile } = inject("stack");
  await writeFile(`${configFile}.new`, text);
  await rename(`${configFile}.new`, configFile);
}

async function reasonNow(): Promise<string | null> {
  return (await ask({ api: "chat", model: "auto", prompt: promptOf("simple").prompt })).decision("reason");
}

function inForce(words: string): Promise<unknown> {
  return until(`a decision by ${words}`, SEEN_MS, async () =>
    (await reasonNow())?.includes(words) ? true : null,
  );
}

async function statusNow(): Promise<z.infer<typeof status>> {
  const headers = { authorization: "Bearer e2e-admin-secret" };
  return status.parse(await (await fetch(`${inject("stack").sidecarUrl}/v1/status`, { headers })).json());
}

test("gateway.yaml is changed, broken and mended while requests are in flight: no client notices", async () => {
  const changed = await sendCrowd(() => replaceWith(before + RULES));
  expect(failuresOf(changed)).toEqual([]);
  expect(await strayCalls(changed, ["decided", "backing"])).toEqual([]);
  await inForce('rule "reloaded"');

  const broken = await sendCrowd(() => replaceWith(`${before}${RULES}  rules: [`));
  expect(failuresOf(broken)).toEqual([]);
  expect(await strayCalls(broken, ["backing"])).toEqual([]);
  const { policy, alarms } = await until("the refusal in the status", SEEN_MS, async () => {
    const now = await statusNow();
    return now.policy.last_errors.length > 0 ? now : null;
  });
  expect(alarms).toContain(`gateway.yaml is not in force: ${policy.last_errors[0]}`);
  expect(await reasonNow()).toBe('rule "reloaded": tier medium');

  const mended = await sendCrowd(() => replaceWith(before));
  expect(failuresOf(mended)).toEqual([]);
  await inForce("score");
  expect((await statusNow()).policy.last_errors).toEqual([]);
});

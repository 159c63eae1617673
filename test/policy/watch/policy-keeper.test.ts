import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Policy } from "../../../src/policy/policy.ts";
import { type CheckFile, checkInThread } from "../../../src/policy/watch/check-in-thread.ts";
import { PolicyKeeper } from "../../../src/policy/watch/policy-keeper.ts";
import { POLICY, policyOf } from "../../support/sidecar-app.ts";
import { until } from "../../support/until.ts";

const OTHER = POLICY.replace("[0, 65]", "[0, 50]").replace("[66, 100]", "[51, 100]");
const MORE_MODELS = POLICY.replace("model: openai/large", "model: openai/larger");
const BAD = POLICY.replace("fallback_tier: simple", "fallback_tier: nowhere");

const lineSchema = z.looseObject({ event: z.string() });

let folder: string;
let file: string;
let lines: z.infer<typeof lineSchema>[];
let keeper: PolicyKeeper<Policy>;

function open({ build = (policy: Policy) => policy, check = checkInThread as CheckFile } = {}): void {
  keeper = new PolicyKeeper({
    file,
    env: {},
    policy: policyOf(POLICY),
    build,
    check,
    logger: pino({}, { write: (line: string) => lines.push(lineSchema.parse(JSON.parse(line))) }),
    now: () => new Date(1_000),
  });
}

const highest = () => keeper.current().tiers[0]?.high;
const events = () => lines.map(({ event }) => event);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "signalbox-keeper-"));
  file = join(folder, "gateway.yaml");
  writeFileSync(file, POLICY);
  lines = [];
});

afterEach(() => {
  keeper.close();
  rmSync(folder, { recursive: true });
});

describe("PolicyKeeper", () => {
  it("puts a valid file in force and says so in one line", async () => {
    open();
    writeFileSync(file, OTHER);
    expect(await keeper.reload("signal")).toEqual({ result: "applied", problems: [] });
    expect(highest()).toBe(50);
    expect(lines).toMatchObject([{ event: "policy_reloaded", trigger: "signal", result: "applied" }]);
  });

  it("keeps the old policy where the file has an error, tells it, and forgets it when it is mended", async () => {
    open();
    const before = keeper.current();
    writeFileSync(file, BAD);
    expect((await keeper.reload("file")).result).toBe("refused");
    expect(keeper.current()).toBe(before);
    expect(keeper.status().problems).toMatchObject([{ path: "routing.fallback_tier", severity: "error" }]);
    expect(lines).toMatchObject([
      { level: 40, event: "policy_refused", keptRevision: before.revision, problems: 1 },
    ]);
    expect(lines[0]?.first).toContain('routing.fallback_tier: found "nowhere"');
    writeFileSync(file, OTHER);
    await keeper.reload("file");
    expect(keeper.status()).toMatchObject({ problems: [], counts: { applied: 1, unchanged: 0, refused: 1 } });
  });

  it.each([
    ["is gone", () => rmSync(file)],
    ["is empty", () => writeFileSync(file, "")],
    ["is no UTF-8", () => writeFileSync(file, Buffer.from([0xff, 0xfe, 0x00]))],
  ])("keeps the old policy where the file %s", async (_title, spoil) => {
    open();
    spoil();
    expect((await keeper.reload("file")).result).toBe("refused");
    expect(highest()).toBe(65);
  });

  it("builds nothing anew where a file that changed says the same, but does for who asks", async () => {
    const built: Policy[] = [];
    open({ build: (policy) => built[built.push(policy) - 1] ?? policy });
    writeFileSync(file, `# a comment\n${POLICY}`);
    expect((await keeper.reload("file")).result).toBe("unchanged");
    expect(built).toHaveLength(1);
    expect((await keeper.reload("api")).result).toBe("applied");
    expect(built).toHaveLength(2);
  });

  it("tells that a change which was refused is taken back", async () => {
    open();
    writeFileSync(file, BAD);
    await keeper.reload("file");
    writeFileSync(file, POLICY);
    await keeper.reload("file");
    await keeper.reload("file");
    expect(lines.slice(1)).toMatchObject([
      { event: "policy_reloaded", result: "unchanged", wasRefused: true },
      { event: "policy_reloaded", result: "unchanged", wasRefused: false },
    ]);
  });

  it("keeps the old policy where nothing can be built for the new one", async () => {
    open({
      build: (policy) => {
        if (policy.tiers[0]?.high === 50) throw new Error("Cannot read the artifact");
        return policy;
      },
    });
    writeFileSync(file, OTHER);
    expect(await keeper.reload("file")).toMatchObject({
      result: "refused",
      problems: [{ message: "Cannot read the artifact" }],
    });
    expect(highest()).toBe(65);
  });

  it("reloads one after the other, and those asked for meanwhile as one that sees the newest file", async () => {
    let running = 0;
    let most = 0;
    open({
      check: async (task) => {
        running += 1;
        most = Math.max(most, running);
        const result = await checkInThread(task);
        running -= 1;
        return result;
      },
    });
    const asked = Array.from({ length: 20 }, () => keeper.reload("api"));
    writeFileSync(file, OTHER);
    await Promise.all(asked);
    expect(most).toBe(1);
    expect(events()).toHaveLength(2);
    expect(highest()).toBe(50);
  });

  it("sees a change of model_list, also of what routing does not read, until LiteLLM has taken it", async () => {
    open();
    expect(keeper.status().modelListChangedAt).toBeNull();
    writeFileSync(file, MORE_MODELS);
    await keeper.reload("file");
    expect(keeper.status().modelListChangedAt).toEqual(new Date(1_000));
    writeFileSync(file, MORE_MODELS.replace("{model: openai/small}", "{model: openai/small, api_key: k}"));
    keeper.modelListTaken();
    await keeper.reload("file");
    expect(keeper.status().modelListChangedAt).toEqual(new Date(1_000));
    keeper.modelListTaken();
    writeFileSync(file, `# a comment\n${OTHER.replace("model: openai/large", "model: openai/larger")}`);
    await keeper.reload("file");
    expect(keeper.status().modelListChangedAt).toEqual(new Date(1_000));
  });

  it("takes no restart for due where a change of model_list was taken back", async () => {
    open();
    for (const [text, changedAt] of [
      [MORE_MODELS, new Date(1_000)],
      [POLICY, null],
    ] as const) {
      writeFileSync(file, text);
      await keeper.reload("file");
      expect(keeper.status().modelListChangedAt).toEqual(changedAt);
    }
    writeFileSync(file, MORE_MODELS);
    await keeper.reload("file");
    keeper.modelListTaken();
    writeFileSync(file, POLICY);
    await keeper.reload("file");
    expect(keeper.status().modelListChangedAt).toEqual(new Date(1_000));
  });

  it("follows the file by itself while it watches, and not after it was closed", async () => {
    open();
    keeper.watch(Date.now());
    writeFileSync(file, OTHER);
    await until(() => highest() === 50);
    keeper.close();
    writeFileSync(file, POLICY);
    expect((await keeper.reload("file")).result).toBe("refused");
    expect(highest()).toBe(50);
  });
});

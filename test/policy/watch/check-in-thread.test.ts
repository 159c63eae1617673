import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { compileChecked, loadPolicyText } from "../../../src/policy/load.ts";
import { checkInThread } from "../../../src/policy/watch/check-in-thread.ts";
import { POLICY } from "../../support/sidecar-app.ts";

const folder = mkdtempSync(join(tmpdir(), "signalbox-check-"));
const file = join(folder, "gateway.yaml");
afterAll(() => rmSync(folder, { recursive: true }));

/** The callback gives a decision up after 250 ms. Here the checks themselves take 400 to 900 ms. */
const MOST_CPU_MS = 100;

async function check(text: string, signal?: AbortSignal) {
  writeFileSync(file, text);
  const before = process.threadCpuUsage();
  const result = await checkInThread({ file, env: {} }, signal);
  const { user, system } = process.threadCpuUsage(before);
  // All that this thread did, so none of it can have held up anything for longer.
  expect((user + system) / 1_000).toBeLessThan(MOST_CPU_MS);
  return result;
}

describe("checkInThread()", () => {
  it("gives what a valid file says", async () => {
    const result = await check(POLICY);
    expect(result).toMatchObject({
      ok: true,
      checked: { routing: { fallback_tier: "simple" }, warnings: [] },
    });
  });

  it("hands over rules and phrases so that they are what they are in this thread", async () => {
    const text = `${POLICY}  rules:
    - {name: secret, when: {text_matches: "(?i)pass(word|phrase)", not: {tag: open}}, tier: simple}
  conversation: {escalate_phrases: ["dig deeper"]}
`;
    const result = await check(text);
    if (!result.ok) throw new Error(result.problems.map(({ message }) => message).join("\n"));
    const policy = compileChecked(result.checked);
    const here = loadPolicyText(text, { file, env: {} });
    expect(here).toMatchObject({ ok: true, policy: { revision: policy.revision } });
    const condition = policy.rules[0]?.conditions.find(({ kind }) => kind === "text_matches");
    if (condition?.kind !== "text_matches") throw new Error("found no condition on the text");
    expect(condition.any.map((one) => one.matches("what is the PASSPHRASE?"))).toEqual([true]);
    expect(policy.conversation.escalate.find("please dig deeper")?.phrase).toBe("dig deeper");
  });

  it("hands over the first problems of a file of typos, and how many are left", async () => {
    const typos = Array.from({ length: 25_000 }, (_, index) => `    a${index}: os.environ/X\n`).join("");
    const result = await check(
      `${POLICY.replace("  aliases: {auto: auto_route}\n", "")}  aliases:\n${typos}`,
    );
    const problems = result.ok ? [] : result.problems;
    expect(problems).toHaveLength(101);
    expect(problems.at(-1)?.message).toBe("24900 more of these are left out");
  });

  it.each([
    ["commas", `routing: [${",".repeat(900_000)}]`],
    ["list entries", `routing:\n${"- a\n".repeat(225_000)}`],
    ["brackets that close nothing", "]\n".repeat(450_000)],
  ])("refuses 900 KB of %s while this thread goes on", async (_title, text) => {
    const result = await check(text);
    expect(result.ok ? null : result.problems[0]?.message).toBe(
      "found more than 400000 tokens of YAML, expected fewer",
    );
  });

  it("gives up when it is aborted, and leaves nothing at the signal", async () => {
    const aborting = new AbortController();
    const checking = check(POLICY, aborting.signal);
    aborting.abort();
    expect(await checking).toMatchObject({ ok: false, problems: [{ message: "the check was given up" }] });
  });
});

import { describe, expect, it } from "vitest";
import { drawOf, drawsOf } from "../../src/decide/draws.ts";
import { rolloutGroup } from "../../src/decide/rollout.ts";
import { read } from "../request/read.ts";
import { POLICY, policyOf } from "../support/sidecar-app.ts";

const IDS = 100_000;
const PURPOSES = ["rollout", "explore", "neighbour"] as const;
const policyWith = (line: string) => policyOf(`${POLICY}  ${line}\n`);
const nobody = () => {
  throw new Error("no draw is to be random here");
};

describe("drawOf()", () => {
  it.each(PURPOSES)("is spread evenly over 100,000 conversations for %s", (purpose) => {
    const tenths = Array<number>(10).fill(0);
    for (let i = 0; i < IDS; i += 1) {
      const tenth = Math.floor(drawOf(`conversation-${i}`, purpose) * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    for (const count of tenths) expect(Math.abs(count / IDS - 0.1)).toBeLessThan(0.005);
  });

  it("is independent for each purpose", () => {
    const draws = Array.from({ length: IDS }, (_, i) => PURPOSES.map((purpose) => drawOf(`c${i}`, purpose)));
    for (const [a, b] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const) {
      const both = draws.filter((one) => (one[a] ?? 1) < 0.1 && (one[b] ?? 1) < 0.1).length;
      expect(Math.abs(both / IDS - 0.01)).toBeLessThan(0.002);
    }
  });
});

describe("rolloutGroup()", () => {
  const draws = (i: number) => ({
    rollout: drawOf(`conversation-${i}`, "rollout"),
    explore: 1,
    neighbour: 0,
  });

  it.each([0, 1, 10, 50, 99.5, 100])(
    "puts %s percent of 100,000 conversations into the policy's group",
    (percent) => {
      const policy = policyWith(`rollout: {percent: ${percent}}`);
      let count = 0;
      for (let i = 0; i < IDS; i += 1) if (rolloutGroup(policy, draws(i)) === "policy") count += 1;
      expect(Math.abs((count / IDS) * 100 - percent)).toBeLessThan(1);
      if (percent === 0 || percent === 100) expect(count / IDS).toBe(percent / 100);
    },
  );

  it("keeps a conversation in the policy's group while the share grows", () => {
    const [tenth, half] = [policyWith("rollout: {percent: 10}"), policyWith("rollout: {percent: 50}")];
    for (let i = 0; i < 1_000; i += 1) {
      if (rolloutGroup(tenth, draws(i)) === "policy") expect(rolloutGroup(half, draws(i))).toBe("policy");
    }
  });
});

describe("drawsOf()", () => {
  const body = { messages: [{ role: "user", content: "hello" }] };

  it("takes the session's draw, else that of the first human turn", () => {
    const policy = policyWith("explore: 0.1");
    expect(drawsOf(read(body, { session_id: "s" }), policy, nobody).explore).toBe(drawOf("s", "explore"));
    const { facts } = read(body);
    expect(drawsOf(read(body), policy, nobody).explore).toBe(drawOf(facts.conversationHash ?? "", "explore"));
  });

  it("draws anew where there is no conversation", () => {
    const policy = policyWith("rollout: {percent: 50}\n  explore: 0.1");
    let next = 0;
    const random = () => {
      next += 0.125;
      return next;
    };
    expect(drawsOf(read({ prompt: [1, 2, 3] }), policy, random)).toEqual({
      rollout: 0.125,
      explore: 0.25,
      neighbour: 0.375,
    });
  });

  it("draws nothing where nothing is decided by lot", () => {
    expect(drawsOf(read({ prompt: [1] }), policyOf(POLICY), nobody)).toEqual({
      rollout: 0,
      explore: 1,
      neighbour: 0,
    });
  });
});

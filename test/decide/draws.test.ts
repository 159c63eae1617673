import { describe, expect, it } from "vitest";
import { drawLots, drawOf, drawsOf } from "../../src/decide/draws.ts";
import { rolloutGroup } from "../../src/decide/rollout.ts";
import { read } from "../request/read.ts";
import { POLICY, policyOf } from "../support/sidecar-app.ts";

const IDS = 100_000;
const PURPOSES = ["rollout", "explore", "neighbour", "split"] as const;
const policyWith = (line: string) => policyOf(`${POLICY}  ${line}\n`);
const nobody = () => {
  throw new Error("no draw is to be random here");
};

describe("drawLots() in a tool loop that names the response before", () => {
  const policy = policyWith(`auto_route_patterns: ["claude-*"]\n  rollout: {percent: 50}`);
  const inputOf = (item: object) => ({ input: [item] });
  const LOOP = inputOf({ type: "function_call_output", output: "x" });
  const groupOf = (writer: string | null, draw: number, body: object = {}) => {
    const facts = { previous_response_by: "resp_1", previous_response_model: writer };
    const request = read({ model: "auto", ...LOOP, ...body }, { call_type: "aresponses", facts });
    return rolloutGroup(policy, drawLots(request, policy, () => draw).draws);
  };

  it("stays in the group that its model tells, whatever is drawn", () => {
    expect([groupOf("small", 0.9), groupOf("large", 0.9)]).toEqual(["policy", "policy"]);
    expect(groupOf("auto", 0.1)).toBe("control");
    expect(groupOf("claude-*", 0.1, { model: "claude-opus" })).toBe("control");
  });

  it("is drawn for where no model is known, or one that the policy never chooses", () => {
    expect([groupOf(null, 0.1), groupOf(null, 0.9)]).toEqual(["policy", "control"]);
    expect([groupOf("elsewhere", 0.1), groupOf("elsewhere", 0.9)]).toEqual(["policy", "control"]);
  });

  it("is drawn for by its conversation at a human turn", () => {
    const turn = inputOf({ role: "user", content: "hello" });
    expect(groupOf("auto", 0.1, turn)).toBe(groupOf("small", 0.9, turn));
  });
});

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
      [0, 3],
      [1, 3],
      [2, 3],
    ] as const) {
      const both = draws.filter((one) => (one[a] ?? 1) < 0.1 && (one[b] ?? 1) < 0.1).length;
      expect(Math.abs(both / IDS - 0.01)).toBeLessThan(0.002);
    }
  });
});

describe("rolloutGroup()", () => {
  it("leaves a draw at the share itself to the control group, and serves by the policy where nothing was drawn", () => {
    const policy = policyWith("rollout: {percent: 25}");
    expect(rolloutGroup(policy, { rollout: 0.25, explore: 1, neighbour: 0 })).toBe("control");
    expect(rolloutGroup(policy, undefined)).toBe("policy");
  });

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

const body = { messages: [{ role: "user", content: "hello" }] };

describe("drawLots()", () => {
  const policy = policyWith("explore: 0.1");

  it("takes a split's draw from the session, else the conversation, and a random one where there is none", () => {
    const { conversationHash } = read(body).facts;
    expect(drawLots(read(body), policy, nobody).draw).toBe(drawOf(conversationHash ?? "", "split"));
    expect(drawLots(read(body, { session_id: "s" }), policy, nobody).draw).toBe(drawOf("s", "split"));
    expect(drawLots(read({ prompt: [1] }), policy, () => 0.3).draw).toBe(0.3);
  });

  it("draws nothing at random where it is given no source of it", () => {
    expect(drawLots(read({ prompt: [1] }), policy)).toEqual({
      draw: 0,
      draws: { rollout: 0, explore: 0, neighbour: 0 },
    });
  });
});

describe("drawsOf()", () => {
  it("takes the session's draw, else that of the first human turn", () => {
    const policy = policyWith("explore: 0.1");
    expect(drawsOf(read(body, { session_id: "s" }), policy, nobody).explore).toBe(drawOf("s", "explore"));
    const { facts } = read(body);
    expect(drawsOf(read(body), policy, nobody).explore).toBe(drawOf(facts.conversationHash ?? "", "explore"));
  });

  it("gives each purpose a draw of its own", () => {
    const policy = policyWith("rollout: {percent: 50}\n  explore: 0.1");
    expect(drawsOf(read(body, { session_id: "s" }), policy, nobody)).toEqual({
      rollout: drawOf("s", "rollout"),
      explore: drawOf("s", "explore"),
      neighbour: drawOf("s", "neighbour"),
    });
  });

  it("goes by the key for a rollout alone, and only where the policy says so", () => {
    const request = read(body, { session_id: "s", caller: { key_hash: "k" } });
    const drawn = (by: string) =>
      drawsOf(request, policyWith(`rollout: {percent: 50, by: ${by}}\n  explore: 0.1`), nobody);
    expect(drawn("key")).toMatchObject({ rollout: drawOf("k", "rollout"), explore: drawOf("s", "explore") });
    expect(drawn("conversation").rollout).toBe(drawOf("s", "rollout"));
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

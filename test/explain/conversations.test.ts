import { describe, expect, it } from "vitest";
import { chooseClassifier } from "../../src/classify/choose-classifier.ts";
import { ConversationMemory } from "../../src/explain/logged/conversation-memory.ts";
import { parseLogged } from "../../src/explain/logged/logged-decision.ts";
import { createRedecider } from "../../src/explain/logged/redecide.ts";
import { policyOf } from "../support/sidecar-app.ts";

/** Medium begins at 40 here; it began at 50 where the rows were decided. */
const POLICY = policyOf(`
model_list:
  - {model_name: small, litellm_params: {model: openai/small}}
  - {model_name: middle, litellm_params: {model: openai/middle}}
routing:
  fallback_tier: simple
  tiers:
    simple: {score_range: [0, 39], model: small}
    medium: {score_range: [40, 100], model: middle}
  aliases: {auto: auto_route}
  classifier: {strategy: static}
  conversation: {downgrade_after: 3}
`);

const ID = "01a1fa80-507c-760a-b2bc-469b6c9a707f";

/** A row without texts. @param turns tiers of its turns, newest first. */
function rowOf(turn: number, score: number, turns: readonly (string | null)[]) {
  const parsed = parseLogged({
    ...{ id: ID, timestamp: "2026-01-01T00:00:00Z", user_text: null, system_prompt: null, turn, score },
    ...{ tool_count: 0, code_block_count: 0, has_error_trace: false, tier: "simple", strategy: "static" },
    ...{ original_model: "auto", resolved_model: "small", method: "auto", reason: "", pick: "first" },
    ...{
      candidates: [],
      propensity: 1,
      policy_revision: "p",
      classifier_revision: "static-2",
      mode: "enforce",
    },
    ...{ tags: [], conversation_id: "talk", input_tokens_estimate: 10, features: null },
    trace: [{ step: "conversation", turns, tier: "simple" }],
  });
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.row;
}

function replay() {
  const classifier = chooseClassifier(POLICY.classifier);
  const redecide = createRedecider({
    policy: POLICY,
    classifier,
    catalog: null,
    memory: new ConversationMemory(),
  });
  return (row: ReturnType<typeof rowOf>) => {
    const again = redecide(row);
    return again.ok ? again.decision.tier : again.why;
  };
}

describe("createRedecider() of a conversation", () => {
  it("counts the turns before with what they scored in rows that were read before", () => {
    const tierOf = replay();
    expect(tierOf(rowOf(1, 45, ["simple"]))).toBe("medium");
    expect(tierOf(rowOf(2, 10, ["simple", "simple"]))).toBe("medium");
    expect(tierOf(rowOf(3, 45, [null, "simple", "simple"]))).toBe("medium");
    expect(tierOf(rowOf(4, 10, ["simple", null, "simple", "simple"]))).toBe("medium");
    expect(tierOf(rowOf(5, 10, ["simple", "simple", null, "simple", "simple"]))).toBe("simple");
  });

  it("counts no turn of somebody else whose conversation began alike", () => {
    const tierOf = replay();
    expect(tierOf(rowOf(1, 45, ["simple"]))).toBe("medium");
    const other = { ...rowOf(2, 10, ["simple", "simple"]), key_hash: "other" };
    expect(tierOf(other)).toBe("simple");
  });

  it("counts them with the tier that they had where their rows are not there", () => {
    expect(replay()(rowOf(2, 10, ["simple", "simple"]))).toBe("simple");
    expect(replay()(rowOf(2, 10, ["simple", "medium"]))).toBe("medium");
  });
});

describe("ConversationMemory", () => {
  it("keeps the newest turns of the newest conversations", () => {
    const memory = new ConversationMemory();
    for (let turn = 1; turn <= 17; turn += 1) memory.remember("long", turn, turn);
    expect([memory.recall("long", 1), memory.recall("long", 2)]).toEqual([undefined, 2]);
    memory.remember("silent", 1, null);
    expect(memory.recall("silent", 1)).toBeNull();
    for (let at = 0; at < 20_000; at += 1) memory.remember(`talk ${at}`, 1, 1);
    expect([memory.recall("long", 17), memory.recall("talk 0", 1)]).toEqual([undefined, 1]);
  });
});

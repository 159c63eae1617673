import { describe, expect, test } from "vitest";
import { toRow } from "../../src/log/row.ts";
import { meanCpuMs } from "../support/cpu-time.ts";
import { makeRecord, type RecordChanges, storedTrace } from "./decision-record.ts";

const hashKey = Buffer.alloc(32, 1);
const LISTED = new Set(["auto", "gpt-5-mini", "claude-opus"]);
const full = { storeText: "full", hashKey } as const;
const redacted = { storeText: "redacted", hashKey } as const;
const none = { storeText: "none", hashKey, listed: (name: string) => LISTED.has(name) } as const;

describe("toRow()", () => {
  test("carries a decision over, column by column", () => {
    const record = makeRecord({
      id: "019a0000-0000-7000-8000-000000000001",
      at: new Date(1_700_000_000_000),
    });
    expect(toRow(record, full)).toEqual({
      id: "019a0000-0000-7000-8000-000000000001",
      timestamp: "2023-11-14T22:13:20.000Z",
      user_text: "Why is the sky blue?",
      system_prompt: "You are a helpful assistant.",
      system_prompt_hash: expect.stringMatching(/^hmac:[0-9a-f]{32}$/),
      token_count: 5,
      conversation_turns: 1,
      code_block_count: 0,
      code_lines: 0,
      has_error_trace: false,
      tool_count: 0,
      tier: "medium",
      strategy: "static",
      score: 47.3,
      original_model: "auto",
      resolved_model: "gpt-5-mini",
      method: "auto",
      confidence: null,
      reason: "score 47.3 is in medium (31-65)",
      pick: "first",
      candidates: [
        { model: "gpt-5-mini", tier: "medium", eligible: true, refusal: null, estimated_cost_usd: 0.00125 },
      ],
      propensity: 1,
      policy_revision: "9f2c",
      classifier_revision: "static-1",
      mode: "enforce",
      trace: storedTrace,
      features: "{20,0.7,0.05}",
      feature_version: "1",
      call_type: "acompletion",
      litellm_call_id: "0b9f8a0e-6d0b-4d2f-9a53-3f1f0a7f0001",
      key_hash: "key-1",
      team_id: "team-1",
      user_id: "user-1",
      end_user_id: null,
      tags: ["production"],
      conversation_id: "c0ffee",
      turn: 1,
      input_tokens_estimate: 512,
      explored_from: null,
      category: "code",
      language: "en",
      rollout: null,
      estimated_cost_usd: 0.00125,
      baseline_model: "claude-opus",
      classifier_cost_usd: null,
      decide_us: 31,
      redactions: 0,
    });
  });

  test("stores the newest human turn, and counts code and errors over all of the text", () => {
    const turns = ["first\n```js\na\nb\n```", "```\nc\n``` and an open ```\nfence"];
    const request = {
      turns: turns.map((text) => ({ text, chars: text.length })),
      otherTexts: ["TypeError: x"],
    };
    const row = toRow(makeRecord({ request }), full);
    expect(row.user_text).toBe(turns[1]);
    expect(row).toMatchObject({ code_block_count: 2, code_lines: 5, has_error_trace: true });
  });

  test("counts the tokens of a turn that the callback cut by its length before the cut", () => {
    const text = "a".repeat(4_000);
    const whole = toRow(makeRecord({ request: { turns: [{ text, chars: 4_000 }] } }), full);
    const cut = toRow(makeRecord({ request: { turns: [{ text, chars: 40_000 }] } }), full);
    expect([whole.token_count, cut.token_count]).toEqual([1_000, 10_000]);
  });

  test("keeps the first 1,000 characters of the system text, and tells longer ones apart by their hash", () => {
    const start = "s".repeat(1_000);
    const [one, other] = ["a", "b"].map((end) => {
      return toRow(makeRecord({ request: { systemText: start + end } }), full);
    });
    expect(one?.system_prompt).toBe(start);
    expect(other?.system_prompt).toBe(start);
    expect(one?.system_prompt_hash).not.toBe(other?.system_prompt_hash);
  });

  test("bounds figures to what their columns take", () => {
    const facts = { humanTurns: 1e300 };
    const decision = { inputTokens: Number.NaN };
    expect(toRow(makeRecord({ facts, decision }), full)).toMatchObject({
      conversation_turns: 2_147_483_647,
      input_tokens_estimate: 0,
    });
  });

  test("stores the hash of a session that is longer than an index takes", () => {
    const [short, long] = ["s".repeat(256), "s".repeat(257)].map((sessionId) => {
      return toRow(makeRecord({ request: { sessionId } }), full).conversation_id;
    });
    expect(short).toHaveLength(256);
    expect(long).toMatch(/^hmac:[0-9a-f]{32}$/);
  });

  test("has no text and no tokens where there is no human turn", () => {
    expect(toRow(makeRecord({ request: { turns: [] } }), full)).toMatchObject({
      user_text: "",
      token_count: 0,
    });
  });
});

describe("toRow() under redacted", () => {
  test("masks secrets in texts, names, notes and sentences, and counts them", () => {
    const mail = "joe@example.com";
    const decision = {
      requestedModel: mail,
      model: mail,
      reason: `"${mail}" is unknown`,
      trace: [
        { step: "read", wire: "chat", notes: [{ path: mail, note: mail }] },
        { step: "resolve", requested: mail, as: "auto", because: `"${mail}" is unknown`, via: [] },
      ],
    } as const;
    const request = { systemText: mail, tags: [mail], requestedModel: mail };
    const row = toRow(makeRecord({ text: `I am ${mail}`, request, decision }), redacted);
    expect(JSON.stringify(row)).not.toContain("joe");
    expect(row.user_text).toBe("I am [EMAIL]");
    expect(row.redactions).toBeGreaterThan(2);
  });

  test("keeps the beginning and the end of a text of more than 8,000 characters", () => {
    const { user_text } = toRow(makeRecord({ text: `BEGIN${"x ".repeat(10_000)}END` }), redacted);
    expect(user_text).toHaveLength(8_000);
    expect(user_text?.startsWith("BEGINx")).toBe(true);
    expect(user_text?.endsWith(" END")).toBe(true);
    expect(user_text).toContain("[...]");
  });

  test("never cuts through a surrogate pair or a secret", () => {
    const { user_text } = toRow(makeRecord({ text: `a${"😀".repeat(10_000)}` }), redacted);
    expect(user_text?.isWellFormed()).toBe(true);
    const key = `AKIA${"Q".repeat(16)}`;
    for (let shift = 0; shift < 40; shift += 1) {
      const row = toRow(
        makeRecord({ text: `${"a ".repeat(1_190)}${"b".repeat(shift)} ${key} ${"c ".repeat(9_000)}` }),
        redacted,
      );
      expect(row.user_text).not.toContain("AKIA");
    }
  });

  test.each([
    ["a key", `AKIA${"Q".repeat(16)}`, /AKI|QQ/],
    ["a password of many words", `password="${"correct horse ".repeat(20)}"`, /orrec|hors/],
    ["a long token", `glpat-${"aZ3k".repeat(20)}`, /glpa|aZ3/],
  ])(
    "masks %s wherever it stands in a long system text and at the cuts of a long turn",
    (_name, secret, part) => {
      for (let shift = 0; shift < 400; shift += 7) {
        const filled = `${"b ".repeat(850 + shift)}${secret} ${"c ".repeat(2_700 + 2 * shift)}`;
        // Masks are shorter than what they stand for, so what is behind them moves up.
        const systemText = (shift % 2 === 0 ? "" : `${secret} `.repeat(10)) + filled;
        const text = `${"a ".repeat(400)}${filled}${"d ".repeat(9_000)}${filled}`;
        const row = toRow(makeRecord({ text, request: { systemText } }), redacted);
        expect(row.system_prompt).not.toMatch(part);
        expect(row.user_text).not.toMatch(part);
      }
    },
  );

  test.each([
    ["a token longer than what is kept behind a cut", `session_token=${"aZ3k".repeat(1_500)} `, /aZ3k/],
    [
      "a private key in JSON",
      JSON.stringify({
        key: `-----BEGIN PRIVATE KEY-----\n${`${"aZ3k".repeat(16)}\n`.repeat(26)}-----END PRIVATE KEY-----`,
      }),
      /aZ3k/,
    ],
  ])("masks %s wherever it stands in a long turn", (_name, secret, part) => {
    for (let behind = 0; behind < 9_000; behind += 450) {
      const row = toRow(
        makeRecord({ text: `${"a ".repeat(6_000)}${secret}${"c ".repeat(behind / 2)}` }),
        redacted,
      );
      expect(row.user_text).not.toMatch(part);
    }
  });

  test("looks at no more of a text than is stored of it", () => {
    const record = (chars: number) => {
      const text = "Ask 4155552671 or joe@example.com. ".repeat(chars / 35);
      return makeRecord({ text, request: { turns: [{ text, chars: text.length }] } });
    };
    const [short, long] = [record(70_000), record(3_500_000)];
    const shortMs = meanCpuMs(() => toRow(short, redacted));
    // Fifty times the text; what grows with it is to count fences and bytes.
    expect(meanCpuMs(() => toRow(long, redacted))).toBeLessThan(5 * shortMs + 2);
    expect(toRow(long, redacted).redactions).toBe(toRow(short, redacted).redactions);
  });
});

const CANARY = "canary-7f3a";

/** A canary in every place of a record that a client can fill. */
function plantCanaries(): RecordChanges {
  const candidate = { tier: null, eligible: true, estimatedCostUsd: null };
  return {
    text: `text ${CANARY}`,
    request: {
      requestedModel: `model-${CANARY}`,
      systemText: `system ${CANARY}`,
      otherTexts: [`tool result ${CANARY}`],
      callType: `type ${CANARY}`,
      callId: `call-${CANARY}`,
      sessionId: `session-${CANARY}`,
      tags: [`tag-${CANARY}`],
      headers: { "x-header": CANARY },
      notes: [{ path: `messages.${CANARY}`, note: CANARY }],
    },
    caller: { endUserId: `end-user-${CANARY}` },
    facts: {
      toolNames: [CANARY],
      signedThinkingBy: `signer-${CANARY}`,
      previousResponseBy: `response-${CANARY}`,
      conversationHash: `hash-${CANARY}`,
    },
    decision: {
      requestedModel: `model-${CANARY}`,
      model: `model-${CANARY}`,
      candidates: [`model-${CANARY}`],
      reason: `served as asked: "model-${CANARY}" matches LiteLLM's wildcard`,
      trace: [
        { step: "read", wire: "chat", notes: [{ path: `messages.${CANARY}`, note: CANARY }] },
        {
          step: "resolve",
          requested: `model-${CANARY}`,
          as: "passthrough",
          because: `"model-${CANARY}" matches`,
          via: [],
        },
        { step: "tier", tier: "medium", because: `model-${CANARY}` },
        { step: "response", model: "gpt-5-mini", refusal: `only signer-${CANARY} can read it` },
        {
          step: "candidates",
          pick: "first",
          candidates: [
            {
              ...candidate,
              model: "gpt-5-mini",
              refusal: `history signed by signer-${CANARY}, response-${CANARY}`,
            },
          ],
        },
        {
          step: "classify",
          strategy: "static",
          configured: "static",
          instead: null,
          score: 50,
          confidence: null,
          signals: [{ name: "reasoning", raw: 50, weight: 1, contribution: 50, found: `words: ${CANARY}` }],
        },
      ],
    },
  };
}

describe("toRow() under none", () => {
  test("stores nothing that a client can fill with text", () => {
    const row = toRow(makeRecord(plantCanaries()), none);
    expect(JSON.stringify(row)).not.toContain(CANARY);
    expect(row).toMatchObject({ user_text: null, system_prompt: null });
    expect(row.original_model).toMatch(/^hmac:/);
    expect(row.conversation_id).toMatch(/^hmac:/);
    expect(row.trace[0]).toMatchObject({ step: "read", notes: [] });
  });

  test("the same canaries are in the row where text is stored, so that the test above can fail", () => {
    const row = toRow(makeRecord(plantCanaries()), full);
    const { user_text, system_prompt, original_model, resolved_model, reason, trace } = row;
    const { candidates, call_type, litellm_call_id, conversation_id, end_user_id, tags } = row;
    const texts = [user_text, system_prompt, original_model, resolved_model, reason];
    const jsons = [trace, trace.at(-1), candidates].map((value) => JSON.stringify(value));
    const places = [...texts, ...jsons, end_user_id];
    for (const place of [...places, call_type, litellm_call_id, conversation_id, tags[0]]) {
      expect(place).toContain(CANARY);
    }
  });

  test("keeps names of the configuration, and who called", () => {
    expect(toRow(makeRecord(), none)).toMatchObject({
      original_model: "auto",
      resolved_model: "gpt-5-mini",
      key_hash: "key-1",
      team_id: "team-1",
      user_id: "user-1",
      litellm_call_id: "0b9f8a0e-6d0b-4d2f-9a53-3f1f0a7f0001",
    });
  });

  test("hashes a name by the key: equal names stay equal, and another key gives another hash", () => {
    const tagged = (tag: string, key = hashKey) =>
      toRow(makeRecord({ request: { tags: [tag] } }), { ...none, hashKey: key }).tags[0];
    expect(tagged("a")).toBe(tagged("a"));
    expect(tagged("a")).not.toBe(tagged("b"));
    expect(tagged("a")).not.toBe(tagged("a", Buffer.alloc(32, 2)));
  });

  test("still counts code, errors and tokens", () => {
    const row = toRow(makeRecord({ text: "```\na\n```\nTraceback" }), none);
    expect(row).toMatchObject({ code_block_count: 1, code_lines: 2, has_error_trace: true, token_count: 5 });
  });
});

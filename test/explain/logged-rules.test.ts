import { describe, expect, it } from "vitest";
import { FEATURE_VERSION } from "../../src/classify/features/feature-list.ts";
import { readFeatures } from "../../src/classify/features/read-features.ts";
import { holds } from "../../src/decide/rule-conditions.ts";
import { createRuleSubject } from "../../src/decide/rule-subject.ts";
import { parseLogged } from "../../src/explain/logged/logged-decision.ts";
import { requestOf } from "../../src/explain/logged/logged-request.ts";
import { holdsLogged, loggedSubject } from "../../src/explain/logged/logged-rules.ts";
import { toRow } from "../../src/log/row.ts";
import { makeRecord } from "../log/decision-record.ts";
import { read } from "../request/read.ts";
import { policyOf } from "../support/sidecar-app.ts";
import { exportedRow } from "./exported-row.ts";

const AT = new Date("2026-01-05T12:30:00Z");
const IMAGE = { type: "image_url", image_url: { url: "data:image/png;base64,AA" } };
const REQUEST = read(
  {
    model: "auto",
    messages: [
      { role: "system", content: "You write titles." },
      {
        role: "user",
        content: [{ type: "text", text: "Refactor this boat:\n```\nlet a = 1;\n```\nError: no" }, IMAGE],
      },
    ],
    tools: [{ type: "function", function: { name: "look", parameters: {} } }],
  },
  {
    caller: { team_id: "core", user_id: "me", key_alias: "k", budget_used_ratio: 0.5 },
    tags: ["a"],
    headers: { "x-kind": "chat" },
  },
);

function loggedWith(storeText: "none" | "redacted" | "full", request = REQUEST) {
  const turn = request.turns.at(-1);
  if (turn === undefined) throw new Error("Cannot test: found no turn");
  const features = { version: FEATURE_VERSION, numbers: readFeatures(request, turn).numbers };
  const record = { ...makeRecord({ at: AT, features }), request };
  const row = toRow(record, { storeText, hashKey: Buffer.alloc(32), listed: (name) => name === "auto" });
  const parsed = parseLogged(exportedRow(row));
  if (!parsed.ok) throw new Error(parsed.problem);
  const turns = parsed.row.user_text === null ? [] : [{ text: parsed.row.user_text, chars: 1 }];
  return loggedSubject(parsed.row, requestOf(parsed.row, turns), POLICY);
}
const POLICY = policyWith("");
const LOGGED = { none: loggedWith("none"), full: loggedWith("full") };

function policyWith(rule: string) {
  return policyOf(`
model_list: [{model_name: small, litellm_params: {model: openai/small}}]
routing:
  fallback_tier: simple
  tiers: {simple: {score_range: [0, 100], model: small}}
  aliases: {auto: auto_route}
  rules: [${rule}]
`);
}

function conditionOf(text: string) {
  const { rules } = policyWith(`{when: {${text}}, tier: simple}`);
  const [condition] = rules.flatMap(({ conditions }) => conditions);
  if (condition === undefined) throw new Error("Cannot test: found no condition");
  return condition;
}

describe("loggedSubject()", () => {
  it("has the hour of the moment that a tool loop began at, where the row tells it", () => {
    const later = {
      ...LOGGED.none.row,
      trace: [{ step: "moment", at: "2026-01-05T23:59:00.000Z" } as const],
    };
    const logged = loggedSubject(later, REQUEST, POLICY);
    expect(holdsLogged(conditionOf("hour: 23"), logged)).toBe(true);
    expect(holdsLogged(conditionOf("hour: 12"), logged)).toBe(false);
  });
});

describe("holdsLogged()", () => {
  it.each([
    ["text_contains: boat", null, true],
    ["text_contains: ship", null, false],
    ["text_matches: b.at", null, true],
    ["language: de", null, false],
    ["category: math", null, false],
    ["has_code: true", null, true],
    ["has_error_trace: false", null, false],
    ["system_matches: titles", null, true],
    ["system_matches: code", null, false],
    ["harness_matches: plan", null, null],
    ["min_input_tokens: 20", true, true],
    ["max_input_tokens: 20", false, false],
    ["turns: 1", true, true],
    ["has_images: true", true, true],
    ["has_tools: false", false, false],
    ["tool_name: look", null, null],
    ["model_requested: auto", true, true],
    ["team_id: core", true, true],
    ["user_id: you", false, false],
    ["key_alias: k", null, null],
    ["tag: a", null, true],
    ["tag: b", null, false],
    ["header: {x-kind: chat}", null, null],
    ["hour: 12", true, true],
    ["weekday: tue", false, false],
    ["min_budget_used_ratio: 0.9", null, null],
    ["not: {team_id: core}", false, false],
    ["not: {text_contains: ship}", null, true],
    ["not: {team_id: other, text_contains: ship}", true, true],
    ["not: [{team_id: other}, {key_alias: k}]", null, null],
  ])(
    "tells of %s without text %s, with it %s, and never otherwise than the request itself",
    (text, none, full) => {
      const condition = conditionOf(text);
      expect(holdsLogged(condition, LOGGED.none)).toBe(none);
      expect(holdsLogged(condition, LOGGED.full)).toBe(full);
      const really = holds(condition, createRuleSubject(REQUEST, { policy: POLICY, now: AT }));
      expect([none ?? really, full ?? really]).toEqual([really, really]);
    },
  );

  it.each([
    ["has_code: true", false],
    ["has_code: false", true],
    ["has_error_trace: true", false],
    ["tool_name: look", false],
    ["system_matches: titles", false],
  ])("tells of %s without text where the whole request has nothing of the kind", (text, expected) => {
    const plain = loggedWith("none", read({ messages: [{ role: "user", content: "a boat" }] }));
    expect(holdsLogged(conditionOf(text), plain)).toBe(expected);
  });

  it.each([
    ["text_contains: boat", null],
    ["category: code", null],
    ["has_code: false", true],
    ["not: {language: de}", null],
    ["turns: 2", true],
  ])("tells nothing of the words before a short reply, which rules read: %s", (text, expected) => {
    for (const newest of ["yes, go on", "think harder"]) {
      const messages = ["a boat", newest].map((content) => ({ role: "user", content }));
      expect(holdsLogged(conditionOf(text), loggedWith("full", read({ messages })))).toBe(expected);
    }
  });

  it.each([
    ["text_matches: 'CH\\d{2}'", null],
    ["text_contains: iban", null],
    ["text_contains: change", true],
    ["not: {text_matches: 'CH\\d{2}'}", null],
    ["text_matches: 'account\\s+of my'", null],
    ["text_matches: 'account .+ of my'", true],
    ["system_matches: bank", true],
    ["system_matches: joe", null],
    ["language: en", true],
  ])("tells of words beside what is masked alone: %s", (text, expected) => {
    const messages = [
      { role: "system", content: "You serve a bank. Write to joe@example.com." },
      { role: "user", content: "Please change the account CH93 0076 2011 6238 5295 7 of my standing order" },
    ];
    const logged = loggedWith("redacted", read({ messages }));
    expect(logged.text).toContain("[IBAN]");
    expect(holdsLogged(conditionOf(text), logged)).toBe(expected);
  });

  it("tells of words as they are where the system text alone is masked", () => {
    const messages = [
      { role: "system", content: "Write to joe@example.com." },
      { role: "user", content: "Please change my standing order" },
    ];
    expect(holdsLogged(conditionOf("text_contains: iban"), loggedWith("redacted", read({ messages })))).toBe(
      false,
    );
  });

  it("tells nothing of a name that is stored as its hash, and that there is no tag where there is none", () => {
    const plain = loggedWith("none", read({ messages: [{ role: "user", content: "a boat" }] }));
    const logged = { ...plain, row: { ...plain.row, original_model: `hmac:${"0".repeat(32)}` } };
    expect(holdsLogged(conditionOf("model_requested: gpt-*"), logged)).toBe(null);
    expect(holdsLogged(conditionOf("tag: a"), logged)).toBe(false);
  });

  it("tells of a short reply that is the only turn", () => {
    const alone = loggedWith("full", read({ messages: [{ role: "user", content: "yes" }] }));
    expect(holdsLogged(conditionOf("text_contains: yes"), alone)).toBe(true);
  });
});

import { describe, expect, it } from "vitest";
import { atAsk } from "../../src/decide/at-ask.ts";
import { readQuestion } from "../../src/learn/score-prompt.ts";
import { read } from "../request/read.ts";
import { POLICY, policyOf } from "../support/sidecar-app.ts";

const policy = policyOf(POLICY);

const ask = { role: "user", content: "Prove that the square root of 7 is irrational." };
const answer = { role: "assistant", content: "First the lemma. Shall I go on?" };
const reply = { role: "user", content: "yes, go on" };
const question = (...messages: readonly object[]) => readQuestion({ prompt: "", body: { messages } }, policy);

describe("readQuestion()", () => {
  it("takes the newest turn that is no short reply", () => {
    expect(question(ask, answer, reply)?.turn.text).toBe(ask.content);
    expect(question(reply, answer, ask)?.turn.text).toBe(ask.content);
  });

  it("takes the turn before one that asks for more thought and nothing else", () => {
    expect(question(ask, answer, { role: "user", content: "Think harder!" })?.turn.text).toBe(ask.content);
  });

  it("takes the newest turn where all are short replies, and none where nobody asks", () => {
    expect(question({ role: "user", content: "ok" }, answer, reply)?.turn.text).toBe(reply.content);
    expect(question(answer)).toBeNull();
    expect(readQuestion({ prompt: "thanks", body: null }, policy)?.turn.text).toBe("thanks");
  });

  it("leaves out what came after the newest human turn", () => {
    const messages = [ask, answer, { ...answer, content: "Second the proof." }];
    expect(question(...messages)?.request.facts.chars).toBe(atAsk(read({ messages })).facts.chars);
    expect(question(...messages)?.request.facts.chars).toBe(ask.content.length);
  });
});

import { describe, expect, it } from "vitest";
import { createRuleSubject } from "../../src/decide/rule-subject.ts";
import { matchRules } from "../../src/decide/rules.ts";
import { read } from "../request/read.ts";
import { POLICY, policyOf } from "../support/sidecar-app.ts";

const AT = { policy: policyOf(POLICY), now: new Date(0) };
const request = read({ messages: [{ role: "user", content: "hello" }] }, { tags: ["a"] });

function match(...rules: readonly string[]) {
  const lines = rules.map((when, index) => `    - {name: "${index}", when: {${when}}, tier: simple}`);
  const { rules: compiled } = policyOf(`${POLICY}  rules:\n${lines.join("\n")}\n`);
  const { matched, near } = matchRules(compiled, createRuleSubject(request, AT));
  return { matched: matched.map(({ name }) => name), near };
}

describe("matchRules()", () => {
  it("names a rule whose conditions hold but for one, by that one", () => {
    expect(match("tag: a, has_images: true")).toEqual({
      matched: [],
      near: [{ rule: "0", failed: "has_images" }],
    });
  });

  it("names no rule that fails in two ways, wherever they stand", () => {
    expect(match("has_tools: true, has_images: true, tag: a", "tag: a, tool_name: f, turns: 2").near).toEqual(
      [],
    );
  });

  it("names no rule of one condition", () => {
    expect(match("has_images: true").near).toEqual([]);
  });

  it("names eight of them at most", () => {
    const { near } = match(...Array.from({ length: 9 }, () => "tag: a, has_images: true"));
    expect(near.map(({ rule }) => rule)).toEqual(["0", "1", "2", "3", "4", "5", "6", "7"]);
  });

  it("ends at the first that matches and stops", () => {
    expect(match("tag: a", "tag: a, has_images: true")).toEqual({ matched: ["0"], near: [] });
  });
});

describe("createRuleSubject()", () => {
  it("has no text where no human spoke", () => {
    expect(createRuleSubject(read({ messages: [] }), AT).text()).toBe("");
  });

  it.each([
    ["go on", "Schreibe eine Funktion:\n```\nlet a = 1;\n```"],
    ["think harder", "Schreibe eine Funktion:\n```\nlet a = 1;\n```"],
    ["what does it do", "what does it do"],
  ])("reads behind %j the words of the turn that is scored", (newest, words) => {
    const turns = ["hello", "Schreibe eine Funktion:\n```\nlet a = 1;\n```", "ok", newest];
    const messages = turns.map((content) => ({ role: "user", content }));
    const subject = createRuleSubject(read({ messages }), AT);
    const alone = createRuleSubject(read({ messages: [{ role: "user", content: words }] }), AT);
    const told = ({ text, code, category, language }: typeof subject) => [
      text(),
      code(),
      category(),
      language(),
    ];
    expect(subject.text()).toBe(words);
    expect(told(subject)).toEqual(told(alone));
  });

  it("finds out the local time of a zone once", () => {
    let asked = 0;
    const zone = {
      name: "Europe/Berlin",
      at: () => {
        asked += 1;
        return { hour: 5, weekday: 1 };
      },
    };
    const { localTime } = createRuleSubject(request, AT);
    expect([localTime(zone), localTime(zone)]).toEqual([localTime(zone), { hour: 5, weekday: 1 }]);
    expect(asked).toBe(1);
  });
});

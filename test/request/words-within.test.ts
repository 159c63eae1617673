import { describe, expect, test } from "vitest";
import { wordsWithin } from "../../src/request/words-within.ts";
import { MOST_TIMES, timesOfTenths } from "../support/cpu-time.ts";

const ATTACHED =
  "<context>\nThe following items were attached by the user. They are up-to-date and don't need to be re-read.\n";
const SUMMARY = "This session is being continued from a previous conversation that ran out of context.\n";

describe("wordsWithin()", () => {
  test.each([
    ["<user_query>\nyes, go on\n</user_query>", "yes, go on"],
    ["<context>\nIt is Monday.\n</context>\n<userRequest>\nultrathink\n</userRequest>", "ultrathink"],
    ["<task>\nrename a to b\n</task>", "rename a to b"],
    ["<feedback>\nok\n</feedback>", "ok"],
    ["[ask_followup_question for 'Which port?'] Result:\n<answer>\nyes\n</answer>", "yes"],
    ["[attempt_completion] Result:\nSee his words.\n<feedback>\ngo on\n</feedback>", "go on"],
    ["[read_file for 'a.ts'] Result:\n<b>bold</b>", "[read_file for 'a.ts'] Result:\n<b>bold</b>"],
    ["<task>sum up</task>\n<text>A long story.</text>", "<task>sum up</task>\n<text>A long story.</text>"],
    ["<user_query>\n</user_query>", "<user_query>\n</user_query>"],
    ["</user_query> before <user_query>", "</user_query> before <user_query>"],
    ["a <b>bold</b> word", "a <b>bold</b> word"],
    [
      '<user_input mode="act">yes, go on</user_input>\n<file_content path="a.ts">\nx\n</file_content>',
      "yes, go on",
    ],
    ['<mode_notice>plan to act</mode_notice>\n<user_input mode="act">do it</user_input>', "do it"],
    ["<user_input>A story.</user_input>\nSum up.", "<user_input>A story.</user_input>\nSum up."],
    ["# Context from my IDE setup:\n\n## Active file: a.ts\n\n## My request for Codex:\nyes", "yes"],
    ["# Files mentioned by the user:\n\n## a.png: /a.png\n\n## My request for Codex:\nwhy?", "why?"],
    ["why is there\n## My request for Codex:\nin it?", "why is there\n## My request for Codex:\nin it?"],
    [`explain it\n${ATTACHED}\n<files>\nfn main() {}\n</files>\n</context>`, "explain it"],
    [`${ATTACHED}\n<files>\n</files>\n</context>`, `${ATTACHED}\n<files>\n</files>\n</context>`],
    ["<context>\nIt is Monday.\n</context>\nwhy?", "<context>\nIt is Monday.\n</context>\nwhy?"],
    [`${SUMMARY}\n1. Primary Request and Intent:\n   Rename a.\n\n2. Key Concepts:\n   b`, "Rename a."],
    [`${SUMMARY}\n1. Primary Request and Intent:\n   Rename\n…\n\n2. b`, "Rename"],
    [`${SUMMARY}\nThe user renames a.`, `${SUMMARY}\nThe user renames a.`],
  ])("makes of %j: %j", (text, words) => {
    expect(wordsWithin(text)).toBe(words);
  });

  test.each([
    `${SUMMARY}\n1. Primary Request and Intent:`,
    "[a] ",
    "<user_query>",
    "</user_query>",
    ATTACHED,
  ])("takes linear time on many %j", (unit) => {
    expect(timesOfTenths(unit, 1_000_000, wordsWithin)).toBeLessThan(MOST_TIMES);
  });
});

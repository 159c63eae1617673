import { describe, expect, test } from "vitest";
import { stripHarness } from "../../src/request/harness.ts";
import { HARNESS_TAGS } from "../../src/request/harness-tags.ts";
import { MOST_TIMES, timesOfTenths } from "../support/cpu-time.ts";
import { read } from "./read.ts";

describe("stripHarness()", () => {
  test.each([
    ["plain words", "plain words"],
    ["  \n padded\t", "padded"],
    ["<system-reminder>todo list is empty</system-reminder>fix it", "fix it"],
    ["before<ide_selection>lines 1 to 3\n<b></ide_selection>after", "beforeafter"],
    [
      "<command-name>/clear</command-name>\n<command-message>clear</command-message>\n<command-args></command-args>",
      "",
    ],
    ["<local-command-stdout>ok</local-command-stdout>", ""],
    ["<environment_details>\n# Visible files\nsrc/a.ts", ""],
    ["ask first\n<environment_context>\ncwd", "ask first"],
    ["<user_info> is empty: why?", "<user_info> is empty: why?"],
    ["how is <EXTRA_INFO> used? Write a parser.", "how is <EXTRA_INFO> used? Write a parser."],
    ["<user_info>mac</user_info>where is <user_info> read?", "where is <user_info> read?"],
    ["what is <user_info>?\n<user_info>\nmac", "what is <user_info>?"],
    ["<user_instructions>\nbe brief\n</user_instructions>\n\nsort this list", "sort this list"],
    ['<attachment id="a.ts">text</attachment> explain', "explain"],
    ["[Request interrupted by user]", ""],
    ['why is "Tool loaded." logged twice?', 'why is "Tool loaded." logged twice?'],
    ["what is it for?\n\n# *SEARCH/REPLACE block* Rules:\n\nEvery block", "what is it for?"],
    ["how are # *SEARCH/REPLACE blocks read by Aider?", "how are # *SEARCH/REPLACE blocks read by Aider?"],
    ["<system-reminder># *SEARCH/REPLACE block* Rules:\n\nEvery</system-reminder>fix it", "fix it"],
    ["I have *added these files to the chat* so you can go ahead and edit them.\n\na.py", ""],
    ["[Request interrupted by user for tool use]\nno, the other file", "no, the other file"],
    ["<system-reminder>a</system-reminder><system-reminder>b</system-reminder>c", "c"],
    ["# AGENTS.md instructions for /src\n\n<INSTRUCTIONS>\nbe brief\n</INSTRUCTIONS>\nsort it", "sort it"],
    ["# AGENTS.md instructions\n\n<INSTRUCTIONS>\nbe brief", ""],
    ["<skill>\n<name>sort</name>\nSort well.\n</skill>", ""],
    ["<INSTRUCTIONS>be brief</INSTRUCTIONS> sort it", "<INSTRUCTIONS>be brief</INSTRUCTIONS> sort it"],
    ["what does <skill> mean here?", "what does <skill> mean here?"],
    ["Stop hook feedback:\nRun the tests first.", ""],
    ["What is Stop hook feedback: a turn?", "What is Stop hook feedback: a turn?"],
    ["\n# AGENTS.md instructions\n\n<INSTRUCTIONS>\nbe brief\n</INSTRUCTIONS>\n", ""],
    ["<user_info>mac</user_info>\nStop hook feedback:\nRun the tests first.", ""],
    ["sort it\nStop hook feedback:\nrun", "sort it\nStop hook feedback:\nrun"],
    ["why is <attachment> ignored? Write a parser.", "why is <attachment> ignored? Write a parser."],
    ["<documents>a</documents> is <documents> allowed here?", "is <documents> allowed here?"],
    ["why <attachment>? <system-reminder>be brief</system-reminder>", "why <attachment>?"],
    ["<attachment> <documents>a</documents> or <attachment>?", "<attachment>  or <attachment>?"],
    ["<attached_files>\na.ts", ""],
    ["is 3 < 4 and <b>bold</b>?", "is 3 < 4 and <b>bold</b>?"],
    ["<system-reminders>not ours</system-reminders>", "<system-reminders>not ours</system-reminders>"],
    ["<System-Reminder>not ours", "<System-Reminder>not ours"],
    ["ends in <system-reminder", "ends in <system-reminder"],
    ["", ""],
  ])("makes of %j: %j", (text, kept) => {
    expect(stripHarness(text)).toBe(kept);
  });

  test.each(HARNESS_TAGS)("takes out a block of <%s>", (tag) => {
    expect(stripHarness(`a <${tag}>hidden</${tag}> b`)).toBe("a  b");
  });

  test.each([
    "<",
    "<attachment> is a word here ",
    "<system-reminder>",
    "<system-reminder></system-reminder>",
    "<a",
    "</system-reminder>",
    "[Request",
    "# *SEARCH/REPLACE block* Rules:\n\nEvery",
    "<documents># *SEARCH/REPLACE block* Rules:\n\nEvery</documents>",
    "CRITICAL: Respond with TEXT ONLY. ",
    "\n\n<INSTRUCTIONS>",
    "# AGENTS.md instructions\n\n<INSTRUCTIONS>",
    "<skill>\n<name>",
    " ",
  ])("takes linear time on many %j", (unit) => {
    expect(timesOfTenths(unit, 1_000_000, stripHarness)).toBeLessThan(MOST_TIMES);
  });
});

describe("readRequest() of harness text", () => {
  test("takes the human's words out of the tags that a client put around them", () => {
    const request = read({
      messages: [
        { role: "user", content: "<user_info>linux</user_info>\n<user_query>\nsort it\n</user_query>" },
        { role: "assistant", content: "Done." },
        { role: "user", content: "<user_query>\nthanks\n</user_query>", chars: 1_000 },
      ],
    });
    expect(request.turns).toEqual([
      { text: "sort it", chars: 7 },
      { text: "thanks", chars: 973 },
    ]);
    const hash = read({ messages: [{ role: "user", content: "sort it" }] }).facts.conversationHash;
    expect(request.facts.conversationHash).not.toBe(hash);
  });

  test("sees no human turn in a message that the harness wrote", () => {
    const request = read({
      messages: [
        { role: "user", content: "<environment_context>cwd: /src</environment_context>" },
        { role: "user", content: "rename the module" },
        { role: "assistant", content: "Done." },
        {
          role: "user",
          content: [{ type: "text", text: "<system-reminder>stay on task</system-reminder>" }],
        },
      ],
    });
    expect(request.turns.map(({ text }) => text)).toEqual(["rename the module"]);
    expect(request.facts).toMatchObject({ humanTurns: 1, messages: 4 });
    expect(request.endsInToolResult).toBe(false);
  });

  test("keeps what Claude Code asks for itself as harness text, though the turn before is answered", () => {
    const plan = "<system-reminder>Plan mode is active.</system-reminder>";
    const chore = "The user stepped away and is coming back. Recap in under 40 words.";
    const request = read({
      messages: [
        { role: "user", content: `${plan}sort it` },
        { role: "assistant", content: "Done." },
        { role: "user", content: `<system-reminder>stay on task</system-reminder>\n${chore}` },
      ],
    });
    expect(request.turns.map(({ text }) => text)).toEqual(["sort it"]);
    expect(request.harnessText).toContain(plan);
    expect(request.harnessText).toContain(chore);
  });

  test("keeps none that came behind a call of the model, in any format", () => {
    const late = { role: "user", content: "<environment_context>later</environment_context>" };
    const call = { type: "function_call", call_id: "c", name: "read", arguments: "{}" };
    const called = {
      role: "assistant",
      content: null,
      tool_calls: [{ id: "c", function: { name: "read" } }],
    };
    const go = { role: "user", content: "go" };
    expect(read({ input: [go, call, late] }, { call_type: "aresponses" }).harnessText).toBe("");
    expect(read({ messages: [go, called, late] }).harnessText).toBe("");
  });

  test("looks past harness text for how the conversation ends", () => {
    const messages = [
      { role: "user", content: "go" },
      { role: "user", content: [{ type: "tool_result", content: "ok" }] },
      { role: "user", content: "<system-reminder>two tasks left</system-reminder>" },
    ];
    expect(read({ messages }).endsInToolResult).toBe(true);
  });

  test("does not count what it took out as cut", () => {
    const content = "<system-reminder>12345</system-reminder>short";
    const [turn] = read({ messages: [{ role: "user", content, chars: 1_000 }] }).turns;
    expect(turn).toEqual({ text: "short", chars: 5 + 1_000 - content.length });
  });

  const summary =
    "This session is being continued from a previous conversation that ran out of context.\nA long one.";

  const ask = "rename the option of the export and all that reads it in the tests";

  test("takes the summary of a conversation for its turn while the human asks for nothing", () => {
    const loop = [
      { role: "user", content: [{ type: "text", text: summary }] },
      { role: "assistant", content: "Going on." },
    ];
    const alone = read({ messages: loop });
    expect(alone.turns.map(({ text }) => text)).toEqual([summary]);
    const replied = read({ messages: [...loop, { role: "user", content: "ok" }] });
    expect(replied.turns.map(({ text }) => text)).toEqual([summary, "ok"]);
    const ok = { role: "user", content: "ok" };
    const later = read({ messages: [...loop, ok, { role: "user", content: ask }] });
    expect(later.turns.map(({ text }) => text)).toEqual(["ok", ask]);
    // The callback counts the summary too.
    expect(later.facts.humanTurns).toBe(3);
    expect(later.facts.asks).toHaveLength(3);
    expect(later.facts.conversationHash).toBe(alone.facts.conversationHash);
  });

  test("takes no summary for a turn beside words of a human, in the same message or before", () => {
    const turnsOf = (...texts: string[]) =>
      read({ messages: [{ role: "user", content: texts.map((text) => ({ type: "text", text })) }] }).turns;
    expect(turnsOf(summary, ask)).toEqual([{ text: ask, chars: ask.length }]);
    expect(turnsOf(summary, "ok").map(({ text }) => text)).toEqual([`${summary}\nok`]);
    const intent = `${summary}\n1. Primary Request and Intent:\n   Sort it.\n\n2. Files:\n   a.ts`;
    expect(turnsOf(intent, "think harder")).toEqual([{ text: "Sort it.\nthink harder", chars: 21 }]);
    const messages = [ask, summary].map((content) => ({ role: "user", content }));
    expect(read({ messages }).turns.map(({ text }) => text)).toEqual([ask]);
  });

  test.each([
    ["<conversation-summary>\nSorted.\n</conversation-summary>", [ask]],
    ["<state_snapshot>\nSorted.\n</state_snapshot>", [ask]],
    [
      "<conversation-summary>\nSorted.\n</conversation-summary>\n<userRequest>\nwhy?\n</userRequest>",
      ["why?", ask],
    ],
    ["## Conversation Summary\nSorted.", [ask]],
    ["Context summary:\n\nSorted.", [ask]],
    ["Previous conversation summary:\n\nSorted.", [ask]],
    ["I spoke to you previously about a number of things.\nI asked you to sort.", [ask]],
  ])("of %j and an ask: %j", (first, turns) => {
    const messages = [first, ask].map((content) => ({ role: "user", content }));
    expect(read({ messages }).turns.map(({ text }) => text)).toEqual(turns);
  });

  test.each([
    "Context summary:\n\nThree services. Sort them.",
    "Previous conversation summary:\n\nThree services. Sort them.",
    "## Conversation Summary\nThree services. Sort them.",
    "I spoke to you previously about a number of things.\nThree services. Sort them.",
  ])("takes %j behind another turn for what a human wrote", (later) => {
    const messages = [ask, later].map((content) => ({ role: "user", content }));
    expect(read({ messages }).turns.map(({ text }) => text)).toEqual([ask, later]);
    // Of a long conversation the callback sends the newest turns alone.
    const sent = read({ messages: messages.slice(1) }, { facts: { human_turns: 2 } });
    expect(sent.turns.map(({ text }) => text)).toEqual([later]);
    const replied = read(
      { messages: [{ role: "user", content: later }, messages[0]] },
      { facts: { human_turns: 3 } },
    );
    expect(replied.turns.map(({ text }) => text)).toEqual([later, ask]);
  });

  test("takes the summary behind examples that the callback does not count for the first turn", () => {
    const aider = "I spoke to you previously about a number of things.\nI asked you to sort.";
    const said = (...texts: string[]) =>
      read(
        { messages: ["an example", "another", ...texts].map((content) => ({ role: "user", content })) },
        { facts: { human_turns: texts.length } },
      ).turns.map(({ text }) => text);
    expect(said(aider)).toEqual([aider]);
    expect(said(aider, "ok")).toEqual([aider, "ok"]);
    expect(said(aider, "ok", ask)).toEqual(["ok", ask]);
  });

  test("leaves out turns that the callback does not count: examples of a client's own", () => {
    const messages = ["an example", "sort it"].map((content) => ({ role: "user", content }));
    const request = read({ messages }, { facts: { human_turns: 1 } });
    expect(request.turns.map(({ text }) => text)).toEqual(["sort it"]);
  });
});

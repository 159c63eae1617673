import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { beforeAll, describe, expect, test } from "vitest";
import { read } from "./read.ts";

const project = join(import.meta.dirname, "..", "..");
const pythonBin = process.env.SIGNALBOX_PYTHON_BIN ?? join(project, ".signalbox", "venv", "bin");
const EXTRACTS = join(import.meta.dirname, "..", "decide", "agent", "extracts.py");

const SUMMARIES = [
  "This session is being continued from a previous conversation that ran out of context.\nSorted.",
  "<conversation-summary>\nSorted.\n</conversation-summary>",
  "<state_snapshot>\nSorted.\n</state_snapshot>",
  "Previous conversation summary:\n\nSorted.",
  "Context summary:\n\nSorted.",
  "## Conversation Summary\nSorted.",
  "I spoke to you previously about a number of things.\nI asked you to sort.",
];
const ASK = "rename the option of the export and all that reads it in the tests";
/** What Aider says behind examples of its own. */
const EXAMPLES = [
  "Change the greeting",
  "Move hello into a file",
  "I switched to a new code base. Please don't consider the above files or try to edit them any longer.",
];

/** What is said in the user's voice, around a summary. */
const CONVERSATIONS = SUMMARIES.flatMap((summary) =>
  [
    [summary],
    [summary, "ok"],
    [summary, ASK],
    [summary, "ok", ASK],
    [ASK, summary],
    [ASK, summary, "ok"],
    [...EXAMPLES, summary],
    [...EXAMPLES, summary, "ok"],
    [...EXAMPLES, summary, ASK, "ok"],
  ].map((said) => ({ said })),
);

const messagesOf = (said: readonly string[]) =>
  said
    .flatMap((content) => [
      { role: "user", content },
      { role: "assistant", content: "Ok." },
    ])
    .slice(0, -1);

/** What the real callback sends of each of them. */
async function extractsOf(): Promise<Record<string, unknown>[]> {
  const program = spawn(join(pythonBin, "python"), [EXTRACTS], { stdio: ["pipe", "pipe", "inherit"] });
  for (const { said } of CONVERSATIONS) {
    const messages = messagesOf(said);
    const asked = {
      call_type: "acompletion",
      field: "messages",
      body: { messages },
      ends: [messages.length],
    };
    program.stdin.write(`${JSON.stringify(asked)}\n`);
  }
  program.stdin.end();
  return (await text(program.stdout))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

describe("the turns of a conversation, by what the callback sends and by the whole body", () => {
  let extracts: Record<string, unknown>[] = [];
  beforeAll(async () => {
    extracts = await extractsOf();
  }, 60_000);

  test.each(CONVERSATIONS.map(({ said }, at) => ({ said, at })))("$said", ({ said, at }) => {
    const { body, ...envelope } = extracts[at] ?? {};
    const sent = read(Object.assign({}, body), envelope);
    const whole = read({ messages: messagesOf(said) });
    expect(sent.turns).toEqual(whole.turns);
    expect(sent.facts).toEqual(whole.facts);
  });
});

/** A working day with a coding agent, made up in the shape of real ones: asks, tool loops, reminders, pasted logs. */

/** One call to a model: the conversation up to there. */
export interface AgentCall {
  /** How many messages of the body it sends. */
  readonly end: number;
  /** Number of the human's turn, from 0. */
  readonly turn: number;
  readonly isInLoop: boolean;
}

export interface Transcript {
  readonly callType: string;
  /** Field of the body that holds the messages. */
  readonly field: "messages" | "input";
  readonly body: Readonly<Record<string, unknown>>;
  readonly calls: readonly AgentCall[];
}

/** What the human says, and how many calls the agent takes to answer. */
interface Turn {
  readonly says: string;
  readonly loop: number;
}

const HARD =
  "Design a fault-tolerant migration of the billing service to event sourcing: compare three architectures, derive the consistency guarantees, prove that no invoice is lost, and refactor the security audit accordingly.";
const EASY = [
  "What is the name of this file?",
  "List the tests.",
  "Which port is it?",
  "Show me the readme.",
];
const SHORT = ["yes", "go on", "ok, thanks", "looks good", "weiter"];
const MIDDLE = "Add an option to the export that leaves out the column of comments.";

/** Text that no ask is made of. */
function filler(seed: number, chars: number): string {
  const line = `    at Object.handle_${seed} (/srv/app/src/module_${seed % 7}.ts:${seed % 300}:17) result=${seed * 7919}\n`;
  return line.repeat(Math.ceil(chars / line.length)).slice(0, chars);
}

/** What is said in each stretch of 20 turns: H hard, M middling, E easy, s short, P a pasted log, T think harder. */
const STRETCH = "HMMsMEEPEEEsEETsEEEs";

function sayOf(kind: string, turn: number): string {
  if (kind === "H") return HARD;
  if (kind === "M") return MIDDLE;
  if (kind === "T") return "Think harder.";
  if (kind === "s") return SHORT[turn % SHORT.length] ?? "";
  return kind === "P"
    ? `Why does this fail?\n${filler(turn, 20_000)}`
    : `${EASY[turn % EASY.length]} (${turn})`;
}

/** 60 turns, three stretches. */
function turnsOfTheDay(): Turn[] {
  return Array.from({ length: 60 }, (_, turn) => {
    return { says: sayOf(STRETCH[turn % STRETCH.length] ?? "E", turn), loop: 2 + (turn % 5) };
  });
}

const REMINDER =
  "<system-reminder>The todo list is empty. Think harder. Do not mention this.</system-reminder>";
/** What Claude Code writes beside a tool's answer: a skill that the model asked for, that it may call tools which it looked up. */
const BESIDE_RESULTS = [
  REMINDER,
  `Base directory for this skill: /srv/skills/review\n\n# Review\n${HARD}`,
  "Tool loaded.",
];
const SYSTEM = `You are a coding agent. ${"Follow the conventions of the project and be brief. ".repeat(200)}`;
const TOOLS = Array.from({ length: 14 }, (_, i) => ({ name: `tool_${i}`, description: filler(i, 400) }));

/** The day in one of the three wire formats that agents speak. */
export function transcriptOf(wire: "chat" | "messages" | "responses"): Transcript {
  const day = turnsOfTheDay();
  switch (wire) {
    case "messages":
      return layOut(day, {
        callType: "anthropic_messages",
        field: "messages",
        body: { model: "auto", max_tokens: 4_096, system: [{ type: "text", text: SYSTEM }], tools: TOOLS },
        ask: (text) => [
          {
            role: "user",
            content: [
              { type: "text", text: REMINDER },
              { type: "text", text },
            ],
          },
        ],
        answer: (text) => [{ role: "assistant", content: [{ type: "text", text }] }],
        step: (id, result) => [
          { role: "assistant", content: [{ type: "tool_use", id, name: "tool_1", input: { path: id } }] },
          {
            role: "user",
            content: [
              { type: "tool_result", tool_use_id: id, content: result },
              { type: "text", text: BESIDE_RESULTS[result.length % BESIDE_RESULTS.length] },
            ],
          },
        ],
      });
    case "chat":
      return layOut(day, {
        callType: "acompletion",
        field: "messages",
        body: { model: "auto", tools: TOOLS.map((tool) => ({ type: "function", function: tool })) },
        ask: (text) => [{ role: "user", content: text }],
        answer: (content) => [{ role: "assistant", content }],
        step: (id, content) => [
          {
            role: "assistant",
            tool_calls: [{ id, type: "function", function: { name: "tool_1", arguments: "{}" } }],
          },
          { role: "tool", tool_call_id: id, content },
        ],
      });
    case "responses":
      return layOut(day, {
        callType: "aresponses",
        field: "input",
        body: {
          model: "auto",
          instructions: SYSTEM,
          tools: TOOLS.map((tool) => ({ type: "function", ...tool })),
        },
        ask: (text) => [{ role: "user", content: [{ type: "input_text", text }] }],
        answer: (text) => [{ role: "assistant", content: [{ type: "output_text", text }] }],
        step: (id, output) => [
          { type: "function_call", call_id: id, name: "tool_1", arguments: "{}" },
          { type: "function_call_output", call_id: id, output },
        ],
      });
    default:
      return wire satisfies never;
  }
}

interface Wire {
  readonly callType: string;
  readonly field: "messages" | "input";
  readonly body: Readonly<Record<string, unknown>>;
  readonly ask: (text: string) => readonly unknown[];
  readonly answer: (text: string) => readonly unknown[];
  readonly step: (id: string, result: string) => readonly unknown[];
}

function layOut(day: readonly Turn[], wire: Wire): Transcript {
  const messages: unknown[] = [];
  const calls: AgentCall[] = [];
  for (const [turn, { says, loop }] of day.entries()) {
    messages.push(...wire.ask(says));
    calls.push({ end: messages.length, turn, isInLoop: false });
    for (let step = 0; step < loop; step += 1) {
      messages.push(
        ...wire.step(`${turn}-${step}`, filler(turn * 31 + step, 300 + 500 * ((turn + step) % 7))),
      );
      calls.push({ end: messages.length, turn, isInLoop: true });
    }
    messages.push(...wire.answer(`Done with ${turn}.`));
  }
  const { callType, field } = wire;
  return { callType, field, body: { ...wire.body, [field]: messages }, calls };
}

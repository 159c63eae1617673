import type { Feature } from "./feature.ts";

/** What stands around a turn: tools, images, history, instructions. */
export const REQUEST_FEATURES: readonly Feature[] = [
  ["tools", ({ request }) => request.facts.toolNames.length],
  ["tool_schema_chars", ({ request }) => request.facts.toolSchemaChars],
  [
    "tool_schema_chars_per_tool",
    ({ request: { facts } }) => facts.toolSchemaChars / Math.max(1, facts.toolNames.length),
  ],
  ["images", ({ request }) => request.facts.images],
  ["human_turns", ({ request }) => request.facts.humanTurns],
  ["messages", ({ request }) => request.facts.messages],
  ["system_chars", ({ request }) => request.systemText.length],
  [
    "other_chars",
    ({ request, turn }) => Math.max(0, request.facts.chars - turn.chars - request.systemText.length),
  ],
  ["structured_output", ({ request }) => (request.structuredOutput ? 1 : 0)],
  ["ends_in_tool_result", ({ request }) => (request.endsInToolResult ? 1 : 0)],
];

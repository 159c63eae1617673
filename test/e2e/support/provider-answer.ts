/** A request body as a provider received it. */
export type Body = Readonly<Record<string, unknown>>;

/** One server-sent event: `event` is null where the format names none. */
export interface ServerEvent {
  readonly event: string | null;
  readonly data: unknown;
}

/** How one API of a provider answers, in both of its ways. */
export interface Answer {
  readonly plain: (model: string, body: Body) => unknown;
  readonly stream: (model: string, body: Body) => readonly ServerEvent[];
}

/** Tokens that every answer claims to have used: some of the input were cached, some of the output is reasoning. */
export const usedTokens = { input: 11, cached: 4, output: 7, reasoning: 3 } as const;

/** A prompt with these words is answered with a pause before each event of a stream. */
export const SLOWLY = "answer slowly";
/** A prompt with these words fails the first time that its marker is seen. */
export const FAIL_ONCE = "fail once";

/** The text of every answer, in two pieces, so that a stream has something to join. */
export function answerPieces(model: string): readonly [string, string] {
  return ["answered by ", model];
}

/** Name of the tool that the answer is to call; null where none was offered or the prompt does not ask for it. */
export function toolToCall(body: Body): string | null {
  const [first] = Array.isArray(body.tools) ? body.tools : [];
  if (first === undefined || !JSON.stringify(body).includes("use the tool")) return null;
  return nameOfTool(first);
}

function nameOfTool(tool: unknown): string | null {
  const text = JSON.stringify(tool);
  return /"name":"([^"]+)"/.exec(text)?.[1] ?? null;
}

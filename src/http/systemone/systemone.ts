import { z } from "zod";
import { headOf, tailOf } from "../../log/cut-text.ts";
import { automaticName } from "../../policy/automatic-name.ts";
import type { Policy } from "../../policy/policy.ts";
import { bodyEndpoint, type Endpoint } from "../endpoint.ts";
import { HttpError } from "../http-error.ts";
import type { Router } from "../router.ts";
import { choose, type Decided } from "./choose.ts";
import { readState, type State } from "./state.ts";

export interface SystemoneDeps {
  readonly router: Pick<Router, "simulate">;
  readonly policy: () => Policy;
}

/** LiteLLM sends the whole system prompt along. In bytes. */
const MAX_BODY_BYTES = 1024 * 1024;
/** As much of the newest turn and of the system prompt as the callback sends, in characters. */
const MAX_TEXT_CHARS = 16_000;
const HEAD_CHARS = 0.3 * MAX_TEXT_CHARS;

const MAX_QUESTIONS = 8;
const MAX_CHOICES = 32;

const bodySchema = z.object({
  state: z.string().describe("System prompt, earlier turns and the message, as LiteLLM writes them"),
  model: z.string().max(256).optional(),
  questions: z
    .record(
      z.string(),
      z.object({
        type: z.literal("choice"),
        criteria: z
          .record(z.string().min(1), z.string())
          .refine((criteria) => Object.keys(criteria).length >= 1, "expected at least one choice")
          .refine(
            (criteria) => Object.keys(criteria).length <= MAX_CHOICES,
            `expected at most ${MAX_CHOICES} choices`,
          )
          .describe("Choices by name, cheapest first; what is said of them is not read"),
      }),
    )
    .refine(
      (questions) => Object.keys(questions).length <= MAX_QUESTIONS,
      `expected at most ${MAX_QUESTIONS} questions`,
    ),
});

const probability = z.number().min(0).max(1);

const replySchema = z.object({
  model: z.string().describe("`signalbox` and the revision of the policy"),
  answers: z.record(
    z.string(),
    z.object({
      type: z.literal("choice"),
      choice: z.string(),
      probabilities: z.record(z.string(), probability),
      confidence: probability,
    }),
  ),
  usage: z.object({ input_tokens: z.int(), output_tokens: z.int() }).describe("Nothing: no model was asked"),
});

/** POST /v1/systemone: LiteLLM's protocol of HTTP classifiers. */
export function systemoneEndpoints(deps: SystemoneDeps): Endpoint[] {
  return [
    bodyEndpoint(
      {
        method: "post",
        path: "/v1/systemone",
        scopes: ["callback"],
        summary:
          "Classify for LiteLLM's own complexity_router, which then chooses the model; nothing is logged",
        maxBodyBytes: MAX_BODY_BYTES,
      },
      { body: bodySchema, reply: replySchema, handle: (body) => answer(body, deps) },
    ),
  ];
}

async function answer(
  { state, questions }: z.output<typeof bodySchema>,
  { router, policy }: SystemoneDeps,
): Promise<z.input<typeof replySchema>> {
  const decided = await router.simulate({ body: toBody(readState(state), policy()) });
  const { tier, strategy, confidence } = decided;
  // An LLM names a tier and no place in it: the middle of its range would be the border of two choices.
  const score = strategy === "llm" ? null : decided.score;
  const { tiers, revision } = policy();
  if (tier === null) throw undecided();
  const answers = Object.entries(questions).map(([name, { criteria }]) => {
    return [name, toAnswer({ tier, score }, { tiers, choices: Object.keys(criteria), confidence })];
  });
  return {
    model: `signalbox-${revision}`,
    answers: Object.fromEntries(answers),
    usage: { input_tokens: 0, output_tokens: 0 },
  };
}

interface Ladder {
  readonly tiers: Policy["tiers"];
  readonly choices: readonly string[];
  readonly confidence: number | null;
}

function toAnswer(decided: Decided, { confidence, ...ladder }: Ladder) {
  const chosen = choose(decided, ladder);
  if (chosen === null) throw undecided();
  const { choice, probabilities } = chosen;
  return { type: "choice", choice, probabilities, confidence: confidence ?? probabilities[choice] ?? 0 };
}

/** The request as a client would have sent it, to a name that is routed by its score. */
function toBody({ system, earlier, message }: State, policy: Policy) {
  const messages = [
    ...(system === null ? [] : [{ role: "system", content: cut(system) }]),
    ...earlier.map((content) => ({ role: "user", content })),
    { role: "user", content: cut(message) },
  ];
  return { model: nameToAsk(policy), messages };
}

/** @throws {HttpError} where the policy has none. */
function nameToAsk(policy: Policy): string {
  const name = automaticName(policy);
  if (name !== null) return name;
  throw new HttpError(
    "unavailable",
    "Cannot classify: found no alias that leads to auto_route in gateway.yaml, expected one",
  );
}

/** A part of a message as the callback cuts it: the length before the cut stands beside it. */
function cut(text: string) {
  if (text.length <= MAX_TEXT_CHARS) return text;
  const kept = headOf(text, HEAD_CHARS) + tailOf(text, MAX_TEXT_CHARS - HEAD_CHARS);
  return [{ type: "text", text: kept, chars: text.length }];
}

/** LiteLLM decides by its own rules where it gets an error. */
function undecided(): HttpError {
  return new HttpError(
    "unavailable",
    "Cannot classify: the policy decides no tier (mode: off), expected another mode",
  );
}

import { z } from "zod";
import { bodyEndpoint, type Endpoint } from "./endpoint.ts";
import { loggingPayloadSchema } from "./logging-payload.ts";
import type { OutcomeIntake } from "./outcome-intake.ts";

/** Most entries of one body. LiteLLM's own logger sends up to its `batch_size`, 512 unless set. */
const MAX_ENTRIES = 512;
/** An entry of LiteLLM's own logger holds the request and the answer, which are not looked at. */
const MAX_OUTCOMES_BYTES = 16 * 1024 * 1024;

const entriesSchema = z
  .array(z.unknown().meta(z.toJSONSchema(loggingPayloadSchema, { io: "input" })))
  .max(MAX_ENTRIES)
  .describe("LiteLLM's standard logging payloads, each validated by itself");

/** The callback sends an object, LiteLLM's `generic_api` logger the bare list. */
const bodySchema = z.union([
  entriesSchema,
  z.strictObject({
    outcomes: entriesSchema,
    lost: z.int().min(0).default(0).describe("Outcomes that the callback gave up since its last report"),
  }),
]);

const replySchema = z.object({
  accepted: z.int(),
  skipped: z.int().describe("Entries that are about none of our decisions"),
  refused: z.array(z.object({ index: z.int(), message: z.string() })),
});

/** POST /v1/outcomes. */
export function outcomeEndpoints(intake: OutcomeIntake): Endpoint[] {
  return [
    bodyEndpoint(
      {
        method: "post",
        path: "/v1/outcomes",
        scopes: ["callback"],
        summary: "Report what became of calls",
        maxBodyBytes: MAX_OUTCOMES_BYTES,
      },
      { body: bodySchema, reply: replySchema, handle: (body) => takeAll(body, intake) },
    ),
  ];
}

function takeAll(body: z.output<typeof bodySchema>, intake: OutcomeIntake): z.input<typeof replySchema> {
  const isCallback = !Array.isArray(body);
  const outcomes = isCallback ? body.outcomes : body;
  const results = outcomes.map((entry) => intake.take(entry, isCallback ? "callback" : "generic_api"));
  if (isCallback) intake.addLost(body.lost);
  return {
    accepted: results.filter((result) => result === "accepted").length,
    skipped: results.filter((result) => result === "skipped").length,
    refused: results.flatMap((result, index) =>
      typeof result === "string" ? [] : [{ index, message: result.refused }],
    ),
  };
}

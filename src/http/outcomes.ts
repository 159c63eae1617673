import { z } from "zod";
import { bodyEndpoint, type Endpoint } from "./endpoint.ts";
import type { OutcomeIntake } from "./outcome-intake.ts";
import { outcomeReportSchema } from "./outcome-report.ts";

/** Most entries of one body. LiteLLM's own logger sends up to its `batch_size`, 512 unless set. */
const MAX_ENTRIES = 512;
/** An entry of LiteLLM's own logger holds the request and the answer, which are not looked at. */
const MAX_OUTCOMES_BYTES = 16 * 1024 * 1024;

const entriesSchema = z
  .array(z.unknown().meta(z.toJSONSchema(outcomeReportSchema, { io: "input" })))
  .max(MAX_ENTRIES)
  .describe("Each entry is validated by itself");

/** The callback sends an object, LiteLLM's `generic_api` logger a list of its standard logging payloads. */
const bodySchema = z.union([
  entriesSchema,
  z.strictObject({
    outcomes: entriesSchema,
    lost: z.int().min(0).default(0).describe("Outcomes that the callback gave up since its last report"),
  }),
]);

const replySchema = z.object({
  accepted: z.int(),
  skipped: z.int().describe("Entries of LiteLLM's own logger that are about none of our decisions"),
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
  const { outcomes, lost } = Array.isArray(body) ? { outcomes: body, lost: 0 } : body;
  intake.addLost(lost);
  const results = outcomes.map((entry) => intake.take(entry));
  return {
    accepted: results.filter((result) => result === "accepted").length,
    skipped: results.filter((result) => result === "skipped").length,
    refused: results.flatMap((result, index) =>
      typeof result === "string" ? [] : [{ index, message: result.refused }],
    ),
  };
}

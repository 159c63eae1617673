import { z } from "zod";
import { type FeedbackRow, toFeedbackRow } from "../log/feedback-row.ts";
import type { Refusal } from "../log/recorder.ts";
import type { Privacy } from "../log/veil.ts";
import { bodyEndpoint, type Endpoint } from "./endpoint.ts";
import { HttpError } from "./http-error.ts";
import type { Snapshot } from "./router.ts";

export interface FeedbackDeps {
  /** @returns why the row is not taken, null where it is. Null itself where nothing is logged. */
  readonly record: ((row: FeedbackRow) => Refusal | null) | null;
  readonly privacy: Privacy;
  readonly snapshot: () => Snapshot;
  readonly newId: () => string;
  readonly now: () => Date;
}

/** Longest comment in characters: a person's word on one answer, not a document. */
const MAX_COMMENT_CHARS = 2_000;

const bodySchema = z.strictObject({
  decision_id: z
    .uuidv7({ error: "expected the x-signalbox-decision-id of an answer, a UUIDv7" })
    .describe("`x-signalbox-decision-id` of the answer"),
  rating: z.enum(["up", "down"]),
  comment: z
    .string()
    .max(MAX_COMMENT_CHARS)
    .optional()
    .describe("At most 2,000 characters; masked as texts of requests are, not kept under `store_text: none`"),
  expected_tier: z.string().optional().describe("The tier that would have been right, one of gateway.yaml"),
  source: z.enum(["api", "cli"]).default("api").describe("`cli` is `signalbox feedback`"),
});

const replySchema = z.object({ feedback_id: z.uuidv7() });

const REFUSALS: Readonly<Record<Refusal, string>> = {
  expired: "Cannot take feedback: the decision is older than the log keeps (collector.retention_days)",
  unknown_decision:
    "Cannot take feedback: no decision of that id was made yet, expected the x-signalbox-decision-id of an answer",
};

/** Takes one feedback in. @throws {HttpError} that says why it is not taken. */
export type TakeFeedback = (body: z.output<typeof bodySchema>) => z.input<typeof replySchema>;

/** POST /v1/feedback. */
export function feedbackEndpoints(take: TakeFeedback): Endpoint[] {
  return [
    bodyEndpoint(
      {
        method: "post",
        path: "/v1/feedback",
        scopes: ["feedback"],
        summary:
          "Say whether a decision was right; kept on the disk before the answer, also while the database is away",
        successStatus: 202,
      },
      { body: bodySchema, reply: replySchema, handle: take },
    ),
  ];
}

/** Creates what POST /v1/feedback hands its body to. */
export function createFeedbackIntake(deps: FeedbackDeps): TakeFeedback {
  const { record, privacy, snapshot, newId, now } = deps;
  return (body) => {
    if (record === null) {
      throw new HttpError(
        "unavailable",
        "Cannot take feedback: nothing is logged (collector.enabled is false)",
      );
    }
    requireTier(body.expected_tier, snapshot());
    const row = toFeedbackRow(readFeedback(body), { id: newId(), now: now(), privacy });
    const refusal = record(row);
    if (refusal !== null) throw new HttpError("not_found", REFUSALS[refusal]);
    return { feedback_id: row.id };
  };
}

function readFeedback({ decision_id, rating, comment, expected_tier, source }: z.output<typeof bodySchema>) {
  const expectedTier = expected_tier ?? null;
  return { decisionId: decision_id, rating, comment: comment ?? null, expectedTier, source };
}

function requireTier(name: string | undefined, { policy }: Snapshot): void {
  if (name === undefined || policy.tiers.some((tier) => tier.name === name)) return;
  const tiers = policy.tiers.map((tier) => tier.name).join(", ");
  throw new HttpError("invalid_request", `Cannot read the body: expected_tier: expected one of ${tiers}`);
}

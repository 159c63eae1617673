import { createVeil, type Privacy } from "./veil.ts";

/** What somebody says of a decision. */
export interface Feedback {
  /** UUIDv7. */
  readonly decisionId: string;
  readonly rating: "up" | "down";
  /** The tier that would have been right; null where nothing was said. */
  readonly expectedTier: string | null;
  readonly comment: string | null;
  /** An application, or a person at a terminal. */
  readonly source: "api" | "cli";
}

/** A row of routing_feedback, ready to be written as JSON. */
export interface FeedbackRow {
  readonly id: string;
  readonly decision_id: string;
  /** ISO 8601, UTC. */
  readonly created_at: string;
  readonly rating: Feedback["rating"];
  readonly expected_tier: string | null;
  readonly comment: string | null;
  readonly source: Feedback["source"];
}

export interface FeedbackRowOptions {
  /** UUIDv7 of the row. */
  readonly id: string;
  readonly now: Date;
  readonly privacy: Privacy;
}

/** Makes the row of a feedback; its comment goes behind the veil that texts of requests go behind. Pure and total. */
export function toFeedbackRow(feedback: Feedback, { id, now, privacy }: FeedbackRowOptions): FeedbackRow {
  const { decisionId, rating, expectedTier, comment, source } = feedback;
  return {
    id,
    // Rows are found by text in the outbox, and PostgreSQL writes ids in small letters.
    decision_id: decisionId.toLowerCase(),
    created_at: now.toISOString(),
    rating,
    expected_tier: expectedTier,
    comment: comment === null ? null : createVeil(privacy, []).text(comment),
    source,
  };
}

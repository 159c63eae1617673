import { z } from "zod";
import type { ModelHealth } from "../decide/model-health.ts";

const milliseconds = z.number().nullable();

/** How a model did lately, as GET /v1/catalog shows it. */
export const modelHealthSchema = z
  .object({
    samples: z.int().describe("Answers that the percentiles are made of, the newest 200 at most"),
    latency_ms: milliseconds.describe("Exponential moving average of whole answers"),
    latency_p50_ms: milliseconds,
    latency_p95_ms: milliseconds,
    ttft_ms: milliseconds.describe("Exponential moving average until the first token of streams"),
    error_rate: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .describe("Share of the calls of the last 5 minutes that the provider failed"),
    cooldown_until: z.iso
      .datetime()
      .nullable()
      .describe("Until when the model rests after failures in a row"),
  })
  .nullable()
  .describe("How the model did since the start; null where no outcome was reported");

/** Writes a model's health as the API shows it. */
export function describeHealth(health: ModelHealth | undefined): z.input<typeof modelHealthSchema> {
  if (health === undefined) return null;
  const { coolUntilMs } = health;
  return {
    samples: health.samples,
    latency_ms: health.latencyMs,
    latency_p50_ms: health.latencyP50Ms,
    latency_p95_ms: health.latencyP95Ms,
    ttft_ms: health.ttftMs,
    error_rate: health.errorRate,
    cooldown_until: coolUntilMs === null ? null : new Date(coolUntilMs).toISOString(),
  };
}

import { randomUUID } from "node:crypto";

/** Tiers of fixtures/gateway.yaml, cheapest first. */
export const tiers = ["simple", "medium", "complex"] as const;

export type TierName = (typeof tiers)[number];

/** By the fixture's keywords these score 12, 60 and 100. */
const texts: Readonly<Record<TierName, string>> = {
  simple: "Please say hello to my neighbour in one short sentence.",
  medium: "Please refactor the sentence on the whiteboard into two.",
  complex: "Plan the refactor of a distributed architecture for concurrency and security.",
};

/** A prompt whose tier is known, and the text by which its call is found at the provider. */
export interface MarkedPrompt {
  readonly prompt: string;
  readonly marker: string;
}

/** A prompt that is classified into the tier, unlike any other of the run. */
export function promptOf(tier: TierName): MarkedPrompt {
  return marked(texts[tier]);
}

/** The same text, marked so that its call is found at the provider. */
export function marked(text: string): MarkedPrompt {
  const marker = `ref-${randomUUID()}`;
  return { prompt: `${text} (${marker})`, marker };
}

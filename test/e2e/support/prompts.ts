import { randomUUID } from "node:crypto";

/** Tiers of fixtures/gateway.yaml, cheapest first. */
export const tiers = ["simple", "medium", "complex"] as const;

export type TierName = (typeof tiers)[number];

/** Far from the edges of the fixture's tiers, by its keywords. */
const texts: Readonly<Record<TierName, string>> = {
  simple: "Please tell my neighbour about the sparrow and the finch on the fence.",
  medium: "Please tell my neighbour about the cat on the fence.",
  complex: "Please tell my neighbour about the wombat, the quokka, the numbat and the dingo on the fence.",
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

import { FEATURE_NAMES } from "../../../src/classify/features/feature-list.ts";
import { type Features, readFeatures } from "../../../src/classify/features/read-features.ts";
import { read } from "../../request/read.ts";

/** The features of a lone prompt, or of one with more around it. */
export function featuresOf(
  content: string,
  more: Record<string, unknown> = {},
  facts: Record<string, unknown> = {},
): Features {
  const request = read({ messages: [{ role: "user", content }], ...more }, { facts });
  return readFeatures(request, request.turns.at(-1) ?? { text: content, chars: content.length });
}

/** A named feature of a lone prompt. */
export function featureOf(name: string, content: string, more: Record<string, unknown> = {}): number {
  const at = FEATURE_NAMES.indexOf(name);
  if (at === -1) throw new Error(`Cannot find the feature ${name}`);
  return featuresOf(content, more).numbers[at] ?? Number.NaN;
}

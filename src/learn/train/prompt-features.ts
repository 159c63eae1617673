import { type Features, readFeatures, readPartFeatures } from "../../classify/features/read-features.ts";
import { textParts } from "../../classify/ml/text-parts.ts";
import { parseEnvelope } from "../../request/envelope.ts";
import { readRequest } from "../../request/read-request.ts";

/** The features of a lone prompt, as if it were the only message of a request, and those of its parts alone. */
export function promptFeatures(prompt: string): Features & { readonly parts: readonly Features[] } {
  const parsed = parseEnvelope({ body: { messages: [{ role: "user", content: prompt }] } });
  if (!parsed.ok) throw new Error(parsed.message);
  const request = readRequest(parsed.envelope);
  const turn = request.turns.at(-1) ?? { text: "", chars: 0 };
  const parts = textParts(turn).map((part) => readPartFeatures(request, part));
  return { ...readFeatures(request, turn), parts };
}

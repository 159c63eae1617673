import { type Features, readFeatures } from "../../classify/features/read-features.ts";
import { textEnds } from "../../classify/ml/text-ends.ts";
import { parseEnvelope } from "../../request/envelope.ts";
import { readRequest } from "../../request/read-request.ts";

/** The features of a lone prompt, as if it were the only message of a request, and those of its ends alone. */
export function promptFeatures(prompt: string): Features & { readonly ends: readonly Features[] } {
  const parsed = parseEnvelope({ body: { messages: [{ role: "user", content: prompt }] } });
  if (!parsed.ok) throw new Error(parsed.message);
  const request = readRequest(parsed.envelope);
  const turn = request.turns.at(-1) ?? { text: "", chars: 0 };
  const ends = textEnds(turn).map((end) => readFeatures(request, end));
  return { ...readFeatures(request, turn), ends };
}

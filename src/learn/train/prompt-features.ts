import { type Features, readFeatures } from "../../classify/features/read-features.ts";
import { parseEnvelope } from "../../request/envelope.ts";
import { readRequest } from "../../request/read-request.ts";

/** The features of a lone prompt, as if it were the only message of a request. */
export function promptFeatures(prompt: string): Features {
  const parsed = parseEnvelope({ body: { messages: [{ role: "user", content: prompt }] } });
  if (!parsed.ok) throw new Error(parsed.message);
  const request = readRequest(parsed.envelope);
  return readFeatures(request, request.turns.at(-1) ?? { text: "", chars: 0 });
}

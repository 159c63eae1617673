import { isObject, type JsonObject } from "./json.ts";

/** Vendors whose models alone can read what they signed or sealed. */
export type Signer = "anthropic" | "openai" | "gemini";

interface Seal {
  readonly field: string;
  readonly by: Signer;
}

/** Where each type of block or item holds what its vendor alone can read. */
const seals: ReadonlyMap<unknown, readonly Seal[]> = new Map<unknown, readonly Seal[]>([
  ["thinking", [{ field: "signature", by: "anthropic" }]],
  ["redacted_thinking", [{ field: "data", by: "anthropic" }]],
  ["reasoning", [{ field: "encrypted_content", by: "openai" }]],
  // Both vendors have such blocks, and Anthropic signs its own.
  [
    "compaction",
    [
      { field: "signature", by: "anthropic" },
      { field: "encrypted_content", by: "openai" },
    ],
  ],
]);

/** Begins encrypted reasoning of OpenAI's that LiteLLM passes to clients of /v1/messages in a signature or as data. */
const FROM_OPENAI = "litellm_encrypted_reasoning:";

/** Ends the thinking blocks that LiteLLM passes to clients of /v1/responses as encrypted content: a list in JSON. */
const END_OF_BLOCKS = "}]";

/** Vendor that signed or sealed a part of the history; null where nobody did. LiteLLM leaves "" where nobody signed. */
export function signerOf(part: JsonObject): Signer | null {
  const extra = part.provider_specific_fields;
  // Gemini signs its calls: another provider cannot go on from them.
  if (isObject(extra) && (isSeal(extra.thought_signature) || isSeal(extra.signature))) return "gemini";
  for (const { field, by } of seals.get(part.type) ?? []) {
    const seal = part[field];
    if (isSeal(seal)) return passedOn(seal) ?? by;
  }
  return null;
}

/** Whose a seal is that LiteLLM put into another vendor's form. */
function passedOn(seal: string): Signer | null {
  if (seal.startsWith(FROM_OPENAI)) return "openai";
  return seal.endsWith(END_OF_BLOCKS) ? "anthropic" : null;
}

function isSeal(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

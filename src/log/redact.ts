import { CREDENTIAL_PATTERNS } from "./credential-patterns.ts";
import { REDACTION_PATTERNS } from "./redact-patterns.ts";

/** Known forms first: what the words around a secret tell is the less certain. */
const PATTERNS = [...REDACTION_PATTERNS, ...CREDENTIAL_PATTERNS];

/** A text without secrets and personal data, and how many places were masked. */
export interface Redacted {
  readonly text: string;
  readonly redactions: number;
}

/**
 * Masks API keys, tokens, private keys, passwords, e-mail addresses, phone, card, account and social
 * security numbers, cookies and IP addresses by their form. Linear in the length of the text, whatever is in it.
 */
export function redact(text: string): Redacted {
  let redactions = 0;
  let masked = text;
  for (const { hint, pattern, mask, accept } of PATTERNS) {
    if (!hint.test(masked)) continue;
    masked = masked.replace(pattern, (found, ...groups: unknown[]) => {
      const keep = typeof groups[0] === "string" ? groups[0] : "";
      const length = accept === null ? found.length : accept(found);
      if (length === 0) return found;
      redactions += 1;
      return `${keep}[${mask}]${found.slice(length)}`;
    });
  }
  return { text: masked, redactions };
}

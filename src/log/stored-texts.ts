import { cleanText } from "./clean-text.ts";
import { createVeil } from "./veil.ts";

/** Nothing is hashed where texts are kept. */
const NO_KEY = Buffer.alloc(0);

/** The forms in which the text of a human turn may stand in `user_text`: as it is, or redacted and shortened. */
export function storedTexts(text: string): string[] {
  const redacted = createVeil({ storeText: "redacted", hashKey: NO_KEY }, []).text(text) ?? text;
  return [...new Set([cleanText(text), cleanText(redacted)])];
}

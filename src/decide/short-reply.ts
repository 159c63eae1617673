/** Replies that ask for nothing new: they keep the tier that the conversation has. Lower case, no punctuation. */
const SHORT_REPLIES: ReadonlySet<string> = new Set([
  // English
  ...["yes", "yep", "yeah", "y", "no", "nope", "n", "ok", "okay", "k", "sure", "right", "correct", "agreed"],
  ...["thanks", "thank you", "thx", "ty", "great", "perfect", "nice", "cool", "good", "done", "got it"],
  ...[
    "go on",
    "go ahead",
    "continue",
    "proceed",
    "next",
    "do it",
    "yes please",
    "please do",
    "please continue",
  ],
  ...["lgtm", "looks good", "sounds good", "try again", "again", "more", "keep going", "carry on"],
  // German, French, Spanish, Italian, Portuguese
  ...["ja", "nein", "danke", "weiter", "mach weiter", "gut", "genau", "passt", "bitte", "ja bitte"],
  ...["oui", "non", "merci", "continue", "continuez", "d'accord", "vas-y", "parfait"],
  ...["sí", "si", "gracias", "continúa", "sigue", "vale", "de acuerdo", "perfecto", "adelante"],
  ...["sì", "grazie", "continua", "va bene", "perfetto", "avanti"],
  ...["sim", "não", "obrigado", "obrigada", "continue", "continua", "tá bom", "perfeito"],
  // Russian, Turkish, Dutch, Polish
  ...["да", "нет", "спасибо", "продолжай", "дальше", "хорошо", "ок"],
  ...["evet", "hayır", "teşekkürler", "devam", "devam et", "tamam"],
  ...["nee", "bedankt", "dank je", "ga door", "prima", "tak", "nie", "dzięki", "dalej", "kontynuuj"],
  // Chinese, Japanese, Korean
  ...["好", "好的", "是", "是的", "不", "谢谢", "继续", "可以", "行", "嗯"],
  ...["はい", "いいえ", "ありがとう", "続けて", "続き", "お願いします", "了解"],
  ...["네", "예", "아니요", "감사합니다", "고마워", "계속", "계속해", "좋아요"],
  // Arabic, Hindi
  ...["نعم", "لا", "شكرا", "استمر", "حسنا", "हाँ", "नहीं", "धन्यवाद", "जारी रखें", "ठीक है"],
]);

/** Longest text that can be a short reply, in characters: no entry of the list comes near it. */
const MAX_CHARS = 40;

/** Words that join short replies, and add nothing to them. */
const JOINING_WORDS: ReadonlySet<string> = new Set(["and", "then", "please", "just", "und", "et", "y", "e"]);

const NOT_LETTERS_AT_THE_ENDS = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}\p{M}]+$/gu;
const BETWEEN_WORDS = /[^\p{L}\p{N}\p{M}'’-]+/u;
/** Words of the longest entry of the list. */
const MAX_WORDS = 3;

/**
 * Whether a turn carries no signal of its own: known short replies and nothing else ("ok, thanks, go on"), or no
 * letter and no digit at all.
 */
export function isShortReply(text: string): boolean {
  if (text.length > MAX_CHARS) return false;
  const bare = text.toLowerCase().replace(NOT_LETTERS_AT_THE_ENDS, "");
  return bare === "" || SHORT_REPLIES.has(bare) || areShortReplies(bare.split(BETWEEN_WORDS));
}

/** Whether the words are entries of the list one after the other, the longest that fits first. */
function areShortReplies(words: readonly string[]): boolean {
  let at = 0;
  while (at < words.length) {
    const length = lengthOfReply(words.slice(at, at + MAX_WORDS));
    if (length === 0) return false;
    at += length;
  }
  return true;
}

function lengthOfReply(words: readonly string[]): number {
  for (let length = words.length; length > 0; length -= 1) {
    if (SHORT_REPLIES.has(words.slice(0, length).join(" "))) return length;
  }
  return JOINING_WORDS.has(words[0] ?? "") ? 1 : 0;
}

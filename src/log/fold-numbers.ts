/** What stands between digits in texts from web pages and word processors, and digits as they are typed in East Asia. */
const ODD = /[\u00a0\u2007\u2009-\u2013\u202f\u2212\u3000\uff0b\uff0d\uff10-\uff19]/;
const EVERY_ODD = new RegExp(ODD, "g");
const FULL_WIDTH = 0xff01;
const TO_ASCII = 0xfee0;

/** Writes spaces, dashes and full-width digits of a text as ASCII: every character stays at its place. */
export function foldNumbers(text: string): string {
  return ODD.test(text) ? text.replaceAll(EVERY_ODD, asAscii) : text;
}

function asAscii(character: string): string {
  const code = character.charCodeAt(0);
  if (code >= FULL_WIDTH) return String.fromCharCode(code - TO_ASCII);
  return /[\u2010-\u2013\u2212]/.test(character) ? "-" : " ";
}

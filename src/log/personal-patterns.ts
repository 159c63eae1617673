import { isIPv6 } from "node:net";
import { ibanLength, passesLuhn } from "./checksums.ts";
import type { Place, RedactionPattern } from "./redaction-pattern.ts";

/** Open where any of the numbers can be: seven digits close by, an IP address, the start of an IBAN. */
export const NUMBER_GATE =
  /\d(?:(?:[ ()./-]{0,3}\d){6}|\d(?<=[A-Za-z]{2}\d\d)|\.\d{1,3}\.\d{1,3}\.\d)|:(?::|(?:[0-9A-Fa-f]{1,4}:){4})/;

const ASCII_DOMAIN = "(?:[A-Za-z0-9-]{1,63}\\.){1,8}[A-Za-z]{2,24}(?![\\w-])";
/** With letters beyond ASCII, as they are or as `xn--`. */
const IDN_DOMAIN =
  "(?=[\\w.-]{0,253}(?:[^\\x00-\\x7f]|xn--))(?:[\\p{L}\\p{M}\\p{N}-]{1,63}\\.){1,8}(?:xn--[a-z0-9-]{2,59}|\\p{L}[\\p{L}\\p{M}]{1,23})";
const DOMAIN = `(?:${ASCII_DOMAIN}|${IDN_DOMAIN})`;
const LATIN = "\\w.%+\\-\\u00c0-\\u024f";
const ANY_LETTER = "\\p{L}\\p{M}\\p{N}_.%+\\-";

const PHONE_WORDS =
  "phones?|telephone|tel[eé]fono|telefone|telefon(?:nummer)?|t[eé]l[eé]phone|tel|mobile|mobil|m[oó]vil|celular|cell(?:phone)?|handy(?:nummer)?|portable|fax|whatsapp|sms|call|dial|text me|reach me|contact number|телефон|тел|电话|電話|手机|手機|携帯|전화";

/** Personal data by its form. */
export const PERSONAL_PATTERNS: readonly RedactionPattern[] = [
  {
    mask: "EMAIL",
    gate: "address",
    hint: /@[\p{L}\p{M}\p{N}-]{1,63}\./u,
    pattern: new RegExp(`@(?<=(?<![${LATIN}])(?<local>[${LATIN}]{1,64})@)${DOMAIN}`, "gu"),
    accept: whereMailbox,
  },
  {
    mask: "EMAIL",
    gate: "address",
    hint: /[^\0-\u024f]@/,
    pattern: new RegExp(
      `@(?<=(?<![${ANY_LETTER}])(?<local>[${ANY_LETTER}]{1,64})(?<=[^\\0-\\u024f])@)${DOMAIN}`,
      "gu",
    ),
    accept: null,
  },
  {
    mask: "EMAIL",
    gate: "address",
    hint: /%40/,
    // In a URL.
    pattern: new RegExp(`%40(?<=(?<![\\w.+-])(?<local>[\\w.+-]{1,64})%40)${ASCII_DOMAIN}`, "g"),
    accept: whereMailbox,
  },
  {
    mask: "IBAN",
    gate: "number",
    hint: /\d\d(?<=[A-Z]{2}\d\d)/,
    pattern: /(?<![A-Za-z0-9])[A-Z]{2}\d\d(?: ?[A-Z0-9]){11,30}/g,
    accept: ibanLength,
  },
  {
    mask: "IBAN",
    gate: "number",
    hint: /\d\d(?<=[A-Za-z]{2}\d\d)/,
    // In small letters, with a digit near its beginning: words behind "nr12" could hold the start of one.
    pattern: /(?<![A-Za-z0-9])[A-Za-z]{2}\d\d(?=(?: ?[A-Za-z]){0,7} ?\d)(?: ?[A-Za-z0-9]){11,30}/g,
    accept: ibanLength,
  },
  {
    mask: "CARD",
    gate: "number",
    hint: /[2-6]\d{3}(?:[ -]?\d){9}/,
    pattern: /(?<![\w.])(?<![\w.]-)[2-6]\d{3}(?:[ -]?\d){9,15}(?![\w-])/g,
    accept: whereCard,
  },
  {
    mask: "IP",
    gate: "number",
    hint: /:(?::|(?:[0-9A-Fa-f]{1,4}:){4})/,
    pattern: /(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){2,7}(?:[0-9A-Fa-f]{1,4}|\d{1,3}(?:\.\d{1,3}){3})?(?![\w:])/g,
    accept: whereIpv6,
  },
  {
    mask: "IP",
    gate: "number",
    hint: /\d\.\d{1,3}\.\d{1,3}\.\d/,
    // "Chrome/120.0.0.0" and "version 1.2.3.4" are versions.
    pattern: /(?<![\w.-])(?<![A-Za-z]\/)(?<!version[ :=]{1,3})(?:\d{1,3}\.){3}\d{1,3}(?![\w-]|\.\d)/g,
    accept: whereIpv4,
  },
  {
    mask: "SSN",
    gate: "number",
    hint: /\d-\d\d-/,
    // Social security number of the United States: no area 000, 666 or 9xx, no group 00, no serial 0000.
    pattern: /(?<![\w.-])(?!000|666)[0-8]\d\d-(?!00)\d\d-(?!0000)\d{4}(?![\w-])/g,
    accept: null,
  },
  {
    mask: "SSN",
    gate: "number",
    hint: /\d{9}/,
    pattern:
      /((?<![A-Za-z])(?:ssn|social security (?:number|no\.?))["']?(?: is)?[ \t:=#]{1,4}["']?)\d{9}(?![\w-])/gi,
    accept: null,
  },
  {
    mask: "PHONE",
    gate: "number",
    hint: /(?:\+|00)[1-9](?:[ ()./-]{0,3}\d){7}/,
    // E.164: a country code and at most 15 digits; numbers of fewer than 8 are no one's phone abroad.
    pattern: /(?<![\w.+-]|\d )(?:\+|00)[1-9](?:[ ()./-]{0,3}\d){7,14}(?!\w)/g,
    accept: null,
  },
  {
    mask: "PHONE",
    gate: "number",
    hint: /[-. ]\d{4}(?![\w-])/,
    // North America, Brazil with its area code in parentheses, China.
    pattern:
      /(?<![\w.+-])(?:(?:1[-. ])?(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-. ]\d{4}|\(\d\d\) ?9?\d{4}-\d{4}|1[3-9]\d(?: \d{4} \d{4}|-\d{4}-\d{4}))(?![\w-]|\.\d)/g,
    accept: null,
  },
  {
    mask: "PHONE",
    gate: "number",
    hint: /0[1-9]\d{0,4}\)?[ /.-]\d(?:[ .-]{0,2}\d){5}/,
    pattern: /(?<![\w.+:,/-]|\d )\(?0[1-9]\d{0,4}\)?[ /.-]\d(?:[ .-]{0,2}\d){5,10}(?![\w:-]|\.\d)/g,
    accept: whereNationalPhone,
  },
  {
    mask: "PHONE",
    gate: "number",
    hint: /(?:phone|t[eé]l|mobil|m[oó]vil|cel|handy|portable|fax|whatsapp|sms|call|dial|text me|reach me|contact number|тел|电话|電話|手机|手機|携帯|전화)/i,
    pattern: new RegExp(
      `((?<![\\p{L}\\p{N}_])(?:${PHONE_WORDS})(?![a-z])[^\\d\\n,;+]{0,20})\\+?\\(?\\d(?:[ ()./-]{0,3}\\d){6,14}(?![\\w-]|\\.\\d)`,
      "giu",
    ),
    accept: whereToldPhone,
  },
];

/** `icon@2x.png` is a file, `pkg@1.2.3-rc.x` a package, and the user of `git@host:path` is nobody. */
function whereMailbox(found: string): number {
  return /^git(?:@|%40)|(?:@|%40)(?:\dx\.|\d+\.\d)/.test(found) ? 0 : found.length;
}

function whereCard(found: string): number {
  const digits = found.replaceAll(/[ -]/g, "");
  return isCardNumber(digits) ? found.length : 0;
}

/** Lengths and first digits of Visa, Mastercard, American Express, Discover, Diners, JCB and UnionPay. */
const CARD_FORMS =
  /^(?:4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|6(?:011|5\d\d|4[4-9]\d)\d{12}|3(?:0[0-5]|[68]\d)\d{11}|35\d{14}|62\d{14,17})$/;

function isCardNumber(digits: string): boolean {
  return CARD_FORMS.test(digits) && passesLuhn(digits);
}

/** Three groups at least: `a::b` is code, `::1` is everybody's own machine. */
function whereIpv6(found: string): number {
  const groups = found.split(/[:.]/).filter((group) => group !== "");
  return groups.length >= 3 && isIPv6(found) ? found.length : 0;
}

/** Loopback and unspecified addresses are nobody's. */
function whereIpv4(found: string): number {
  const parts = found.split(".").map(Number);
  if (parts[0] === 127 || parts.every((part) => part === 0)) return 0;
  return parts.every((part) => part <= 255) ? found.length : 0;
}

const DATE = /^\d{1,2}([-/.])\d{1,2}\1\d{2,4}(?!\1?\d)/;

function whereNationalPhone(found: string): number {
  const { length } = found.replaceAll(/\D/g, "");
  return length >= 9 && length <= 12 && !DATE.test(found) ? found.length : 0;
}

/** A number behind "phone" that is not said to be something else. */
function whereToldPhone(found: string, { kept }: Place): number {
  if (
    /(?<!\p{L})(?:ids?|version|order|error|code|ref|ticket|port|size|model|stack|function|times|line)(?!\p{L})/iu.test(
      kept,
    )
  )
    return 0;
  if (DATE.test(found) || /^(?:19|20)\d\d[-/.]?[01]\d/.test(found)) return 0;
  const { length } = found.replaceAll(/\D/g, "");
  return length >= (/^call/i.test(kept) ? 9 : 7) && length <= 15 ? found.length : 0;
}

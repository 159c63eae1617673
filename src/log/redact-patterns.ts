import { isIPv6 } from "node:net";
import { ibanLength, passesLuhn } from "./checksums.ts";

/** A form of secret or personal data. */
export interface RedactionPattern {
  /** What stands in its place, in brackets. */
  readonly mask: string;
  /** The pattern is tried only where this finds something. It begins at a rare character, so it is far cheaper. */
  readonly hint: RegExp;
  /**
   * Global. Every repeat is bounded or ends at a character that it cannot contain, and no match can begin
   * inside of another try, so that the time is linear. A first group is kept, the rest is masked.
   */
  readonly pattern: RegExp;
  /** How many characters of what was found are really it, 0 for none; null: all of it, always. */
  readonly accept: ((found: string) => number) | null;
}

/** Known forms of keys and tokens that their prefix tells, by the character that is rare in it. */
const UNDERSCORE_KEYS = [
  "dop_v1_[a-f0-9]{64}",
  "github_pat_\\w{22,255}",
  "gh[pousr]_[A-Za-z0-9]{36,255}",
  "gsk_[A-Za-z0-9]{20,128}",
  "hf_[A-Za-z0-9]{30,128}",
  "lsv2_(?:pt|sk)_[a-f0-9_]{32,80}",
  "npm_[A-Za-z0-9]{36}",
  "(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,255}",
  "shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}",
  "whsec_[A-Za-z0-9+/=]{24,128}",
];
const DASH_KEYS = [
  "gl(?:pat|dt|rt|ft|soat)-[\\w-]{20,255}",
  "GOCSPX-[\\w-]{20,64}",
  "nvapi-[\\w-]{40,128}",
  "pplx-[A-Za-z0-9]{32,128}",
  "pypi-[\\w-]{50,512}",
  "sq0(?:atp|csp)-[\\w-]{22,64}",
  "tvly-[\\w-]{20,128}",
  "xai-[A-Za-z0-9]{40,128}",
  "xapp-[\\w-]{20,255}",
  "xox[abeoprs]-[A-Za-z0-9-]{10,255}",
];
const DOT_KEYS = ["SG\\.[\\w-]{16,64}\\.[\\w-]{16,128}", "ya29\\.[\\w-]{20,1024}"];
const CAPITAL_KEYS = [
  "AGE-SECRET-KEY-1[0-9A-Z]{50,64}",
  "(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Za-z0-9])",
  "AIza[\\w-]{35}",
];

function prefixed(hint: RegExp, keys: readonly string[]): RedactionPattern {
  const pattern = new RegExp(`(?<![A-Za-z0-9])(?:${keys.join("|")})`, "g");
  return { mask: "API_KEY", hint, pattern, accept: null };
}

/** Names of settings that hold a secret, as they end: `DB_PASSWORD`, `openai_api_key`, `clientSecret`, `API key`. */
const SECRET_NAMES =
  "passwords?|passwd|passphrase|passwort|kennwort|[_&?-]pass|pwd|secret|(?:secret|api|access|private|account)[ _-]?key|token";

/** Words that stand where a secret would, and are none: types, placeholders, states. */
const NO_SECRET =
  /^(?:\*+|x+|\.+|str|string|text|bytes|int|number|bool|boolean|any|object|true|false|null|none|nil|undefined|optional|required|unset|empty|missing|invalid|expired|wrong|changed?|reset|is|was|the|your|my|a|an|not|and|or|hash|hashed|field|input|yes|no)$/i;

/** The patterns, in the order in which they are tried: what holds others comes first. */
export const REDACTION_PATTERNS: readonly RedactionPattern[] = [
  {
    mask: "PRIVATE_KEY",
    hint: /PRIVATE KEY/,
    // Without its end the block goes to the end of the text: a cut block is a secret too.
    pattern:
      /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/g,
    accept: null,
  },
  {
    mask: "JWT",
    hint: /eyJ/,
    pattern: /(?<![\w-])eyJ[\w-]{8,4096}\.[\w-]{8,8192}(?:\.[\w-]{0,2048})?/g,
    accept: null,
  },
  {
    mask: "API_KEY",
    hint: /sk-/,
    pattern: /(?<![A-Za-z0-9])sk-[\w-]{16,255}/g,
    accept: whereMixed,
  },
  prefixed(/_(?<=(?:v1|pat|gh[opsur]|gsk|hf|lsv2|npm|live|test|shp[a-z]{2}|whsec)_)/, UNDERSCORE_KEYS),
  prefixed(/-(?<=(?:gl[a-z]{2,4}|GOCSPX|nvapi|pplx|pypi|sq0[a-z]{3}|tvly|xai|xapp|xox[a-z])-)/, DASH_KEYS),
  prefixed(/\.(?<=(?:SG|ya29)\.)/, DOT_KEYS),
  prefixed(/A(?:GE-|KIA|SIA|BIA|CCA|Iza)/, CAPITAL_KEYS),
  {
    mask: "WEBHOOK",
    hint: /\/(?:services|workflows|webhooks)\//,
    pattern: /(hooks\.slack\.com\/(?:services|workflows)\/|\/api\/webhooks\/)[\w/-]{16,255}/g,
    accept: null,
  },
  {
    mask: "TOKEN",
    hint: /[cRr] (?<=(?:[Bb]earer|BEARER|[Bb]asic) )/,
    pattern: /(?<!\w)((?:[Bb]earer|BEARER|[Bb]asic) {1,4})(?=[\w.~+/-]{0,256}\d)[\w.~+/-]{12,4096}={0,2}/g,
    accept: null,
  },
  {
    mask: "PASSWORD",
    hint: /:\/\//,
    pattern: /(:\/\/[^\s:@/?#"'<>]{0,255}:)[^\s@/"'<>]{1,255}(?=@)/g,
    accept: null,
  },
  {
    mask: "SECRET",
    hint: /[:=](?<=(?:pass\w{0,6}|wort|pwd|secret|token|key)["']?[ \t]{0,4}[:=])/i,
    pattern: new RegExp(
      `((?:${SECRET_NAMES})["']?[ \\t]{0,4}(?:=>|:=|={1,2}|:)[ \\t]{0,4}(?:"|'|\`)?)([^\\s"'\`,;&<>(){}\\[\\]]{4,255})[(\\[]?`,
      "gi",
    ),
    accept: whereSecretValue,
  },
  {
    mask: "EMAIL",
    hint: /@[A-Za-z0-9-]{1,63}\./,
    pattern: /(?<![\w.%+-])[\w.%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![\w-])/g,
    accept: whereMailbox,
  },
  {
    mask: "IBAN",
    hint: /\d\d/,
    pattern: /(?<![A-Za-z0-9])[A-Z]{2}\d\d(?: ?[A-Z0-9]){11,30}/g,
    accept: ibanLength,
  },
  {
    mask: "CARD",
    hint: /\d\d/,
    pattern: /(?<![\w.])(?<![\w.]-)[2-6]\d{3}(?:[ -]?\d){9,15}(?![\w-])/g,
    accept: whereCard,
  },
  {
    mask: "IP",
    hint: /:[0-9A-Fa-f]{0,4}:/,
    pattern: /(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){2,7}(?:[0-9A-Fa-f]{1,4}|\d{1,3}(?:\.\d{1,3}){3})?(?![\w:])/g,
    accept: whereIpv6,
  },
  {
    mask: "IP",
    hint: /\d\.\d/,
    // Not after a letter and a slash: "Chrome/120.0.0.0" is a version.
    pattern: /(?<![\w.-])(?<![A-Za-z]\/)(?:\d{1,3}\.){3}\d{1,3}(?![\w-]|\.\d)/g,
    accept: whereIpv4,
  },
  {
    mask: "SSN",
    hint: /\d-\d\d-/,
    // Social security number of the United States: no area 000, 666 or 9xx, no group 00, no serial 0000.
    pattern: /(?<![\w.-])(?!000|666)[0-8]\d\d-(?!00)\d\d-(?!0000)\d{4}(?![\w-])/g,
    accept: null,
  },
  {
    mask: "PHONE",
    hint: /(?:\+|00)[1-9]/,
    pattern: /(?<![\w.+-]|\d )(?:\+|00)[1-9]\d?[\d ()./-]{5,20}\d(?![\w])/g,
    accept: wherePhone,
  },
  {
    mask: "PHONE",
    hint: /\d\d/,
    pattern: /(?<![\w.+-])(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-. ]\d{4}(?![\w-]|\.\d)/g,
    accept: null,
  },
  {
    mask: "PHONE",
    hint: /0[1-9]/,
    pattern: /(?<![\w.+:,/-]|\d )\(?0[1-9]\d{0,4}\)?[ /-]\d[\d -]{4,14}\d(?![\w:.-])/g,
    accept: whereNationalPhone,
  },
];

/** A key of random characters holds a digit; a name such as `sk-learn-compatible` does not. */
function whereMixed(found: string): number {
  return /\d/.test(found) && /[A-Za-z]/.test(found.slice(3)) ? found.length : 0;
}

const ASSIGNED = /^(.*?)["']?[ \t]{0,4}(?:=>|:=|={1,2}|:)[ \t]{0,4}(["'`]?)([^"'`]*)$/s;

/** In quotes nearly anything is a secret; a call, an index, bare names and words of prose are none. */
function whereSecretValue(found: string): number {
  const parts = ASSIGNED.exec(found);
  const [, name = "", quote = "", value = ""] = parts ?? [];
  if (/[([]$/.test(value)) return 0;
  if (NO_SECRET.test(value)) return 0;
  if (quote !== "" || /\d/.test(value)) return /^[$%]|^os\.environ/.test(value) ? 0 : found.length;
  const isPassword = /(?:pass\w*|wort|pwd)$/i.test(name);
  return isPassword && /^[^_.$%/\\-]+$/.test(value) ? found.length : 0;
}

/** `icon@2x.png` is a file, and the user of `git@host:path` is nobody. */
function whereMailbox(found: string): number {
  return /^git@|@\dx\./.test(found) ? 0 : found.length;
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

/** E.164: a country code and at most 15 digits; numbers of fewer than 8 are no one's phone abroad. */
function wherePhone(found: string): number {
  const digits = found.replaceAll(/\D/g, "").replace(/^00/, "");
  return digits.length >= 8 && digits.length <= 15 ? found.length : 0;
}

const DATE = /^\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}/;

function whereNationalPhone(found: string): number {
  const { length } = found.replaceAll(/\D/g, "");
  return length >= 9 && length <= 12 && !DATE.test(found) ? found.length : 0;
}

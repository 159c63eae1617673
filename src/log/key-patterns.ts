import type { Place, RedactionPattern } from "./redaction-pattern.ts";
import { AWS_OR_SECRET } from "./secret-words.ts";

/** Known forms of keys and tokens that their prefix tells, by the character that is rare in it. */
const UNDERSCORE_KEYS = [
  "CLOJARS_[a-z0-9]{60}",
  "dckr_(?:pat|oat)_[\\w-]{20,64}",
  "do[oprt]_v1_[a-f0-9]{64}",
  "figd_[\\w-]{30,64}",
  "fw_[A-Za-z0-9]{20,64}(?![A-Za-z0-9_])",
  "github_pat_\\w{22,}",
  "gh[pousr]_[A-Za-z0-9]{36,}",
  "gl(?:c|sa)_[A-Za-z0-9_+/=]{20,}",
  "gsk_[A-Za-z0-9]{20,128}",
  "hf_[A-Za-z0-9]{30,128}",
  "jina_[A-Za-z0-9]{40,128}",
  "lin_api_[A-Za-z0-9]{32,64}",
  "lsv2_(?:pt|sk)_[a-f0-9_]{32,80}",
  "npm_[A-Za-z0-9]{36}",
  "ntn_[A-Za-z0-9]{40,64}",
  "pcsk_[A-Za-z0-9_]{40,128}",
  "r8_[A-Za-z0-9]{30,64}",
  "rubygems_[a-f0-9]{48}",
  "sbp_[a-f0-9]{40}",
  "sb_secret_[\\w-]{20,64}",
  "secret_[A-Za-z0-9]{43}(?![A-Za-z0-9])",
  "sntry[su]_[\\w+/=]{40,}",
  "(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,}",
  "tgp_v1_[\\w-]{30,128}",
  "shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}",
  "whsec_[A-Za-z0-9+/=]{24,128}",
];
const DASH_KEYS = [
  "bedrock-api-key-[\\w+/=-]{20,}",
  "csk-[a-z0-9]{40,64}",
  "AGE-SECRET-KEY-1[0-9A-Z]{50,64}",
  "gl(?:pat|dt|rt|ft|soat|cbt|ptt)-[\\w-]{20,}",
  "GOCSPX-[\\w-]{20,64}",
  "key-[0-9a-f]{32}(?![0-9a-f])",
  "NRAK-[A-Z0-9]{27}",
  "pa-[\\w-]{43}(?![\\w-])",
  "nvapi-[\\w-]{40,128}",
  "PMAK-[a-f0-9]{24}-[a-f0-9]{34}",
  "pplx-[A-Za-z0-9]{32,128}",
  "pypi-[\\w-]{50,}",
  "sq0(?:atp|csp)-[\\w-]{22,64}",
  "tvly-[\\w-]{20,128}",
  "xai-[A-Za-z0-9]{40,128}",
  "xapp-[\\w-]{20,}",
  "xox[abceoprs]-[A-Za-z0-9-]{10,}",
  "[0-9a-f]{32}-us\\d{1,2}(?!\\d)",
];
const DOT_KEYS = [
  "dp\\.(?:ct|pt|sa|st)\\.[\\w.-]{40,128}",
  "hv[bsr]\\.[\\w-]{24,}",
  "[MNO][\\w-]{23,25}\\.[\\w-]{6}\\.[\\w-]{27,38}",
  "pat\\w{14}\\.[a-f0-9]{64}",
  "SG\\.[\\w-]{16,64}\\.[\\w-]{16,128}",
  "ya29\\.[\\w-]{20,}",
];
const CAPITAL_KEYS = [
  "(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Za-z0-9])",
  "ABSK[A-Za-z0-9+/]{40,}={0,2}",
  "AIza[\\w-]{35}",
  "ATATT3[\\w=-]{40,}",
  "AKID[A-Za-z0-9]{32}(?![A-Za-z0-9])",
  "EAA[A-Za-z0-9]{60,}",
  "LTAI[A-Za-z0-9]{16,20}(?![A-Za-z0-9])",
  "SK[a-f0-9]{32}(?![a-f0-9])",
  "[A-Za-z0-9]{50,54}JQQJ99[A-Za-z0-9]{20,30}",
];
const SIGN_KEYS = ["[\\w~.-]{3}\\dQ~[\\w~.-]{31,34}", "1//0[\\w-]{40,}", "\\d{8,10}:AA[\\w-]{33}(?![\\w-])"];

/** Where a key of a list above can be: what makes its prefix is rare, and looked at from its rarest character. */
const UNDERSCORE =
  /_(?<=(?:ARS|[po]at|v1|figd|fw|jina|gh[opsur]|glc|glsa|gsk|hf|api|lsv2|npm|ntn|pcsk|r8|gems|sbp|ecret|sntry[su]|live|test|shp[a-z]{2}|whsec)_)/;
const DASH =
  /-(?:(?<=[A-Za-z]-)(?<=(?:AGE|csk|gl[a-z]{2,4}|GOCSPX|key|pa|NRAK|nvapi|PMAK|pplx|pypi|sq0[a-z]{3}|tvly|xai|xapp|xox[a-z])-)|(?=us\d))/;
const DOT = /[.~](?:(?<=(?:dp|hv[bsr]|SG|ya29)\.)|(?=[a-f0-9]{64})(?<=pat\w{14}\.)|(?=[\w-]{6}\.[\w-]{27}))/;
/** A class of capitals, which the engine looks for many at a time. */
const CAPITAL =
  /[AELJS](?:(?<=A)(?:KIA|SIA|BIA|CCA|BSK|Iza|TATT3|KID)|(?<=E)AA[A-Za-z0-9]{60}|(?<=L)TAI|(?<=JQQJ)|(?<=S)K[a-f0-9]{32})/;
const SIGN = /[~/:](?:(?<=\dQ~)|(?<=1\/\/)0|(?<=\d{8}:)AA)/;
const BLOCK_OR_JWT = /[PJ](?:RIVATE KEY|rivate-Lines: \d|(?<=eyJ))/;
const DATABRICKS = /dapi[a-f0-9]{32}/;
const HOOK = /\/(?:services|workflows|webhooks)\//;
/** Options of a command line that take a secret, and `sk-`. */
const OPTION =
  /-(?:(?<=sk-)|(?=[-upawb])(?:-(?:pass|token|api|secret|access|cookie)|u(?:ser)?[ =]|[paw](?<= -[paw])|b[ =]))/;

/** Whether a text can hold a key, a token or an option that takes one. */
export function mayHoldKey(text: string): boolean {
  if (text.includes("_") && UNDERSCORE.test(text)) return true;
  if (text.includes("-") && (DASH.test(text) || OPTION.test(text))) return true;
  if (text.includes("/") && HOOK.test(text)) return true;
  if (text.includes("dapi") && DATABRICKS.test(text)) return true;
  return DOT.test(text) || CAPITAL.test(text) || BLOCK_OR_JWT.test(text) || SIGN.test(text);
}

function prefixed(hint: RegExp, keys: readonly string[]): RedactionPattern {
  const pattern = new RegExp(`(?<![A-Za-z0-9])(?:${keys.join("|")})`, "g");
  return { mask: "API_KEY", gate: "key", hint, pattern, accept: null };
}

/** Keys and tokens that their own form tells. */
export const KEY_PATTERNS: readonly RedactionPattern[] = [
  {
    mask: "PRIVATE_KEY",
    gate: "key",
    hint: /PRIVATE KEY/,
    // Without its end the block goes to the end of the text: a cut block is a secret too.
    pattern:
      /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/g,
    accept: null,
  },
  {
    mask: "PRIVATE_KEY",
    gate: "key",
    hint: /-----END [A-Z0-9 ]{0,40}PRIVATE KEY/,
    // What is left of a block whose beginning was cut off; in JSON its lines end with the two characters \n.
    pattern:
      /(?<![A-Za-z0-9+/=]{20}\n)(?<![A-Za-z0-9+/=])(?:[A-Za-z0-9+/=]{1,100}(?:\r?\n|(?:\\{1,3}r)?\\{1,3}n)){1,400}-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g,
    accept: null,
  },
  {
    mask: "PRIVATE_KEY",
    gate: "key",
    hint: /Private-Lines: \d/,
    // Of PuTTY: the lines that are encrypted, or not.
    pattern:
      /(Private-Lines: \d{1,4}(?:\r?\n|(?:\\{1,3}r)?\\{1,3}n))[A-Za-z0-9+/=]{16,100}(?:(?:\r?\n|(?:\\{1,3}r)?\\{1,3}n)[A-Za-z0-9+/=]{1,100}(?![\w-])){0,400}/g,
    accept: null,
  },
  {
    mask: "SECRET",
    gate: "word",
    hint: AWS_OR_SECRET,
    pattern: /(?<![\w/+=.-])[A-Za-z0-9/+]{40}(?![\w/+=-])/g,
    accept: whereSecretIsNear,
  },
  {
    mask: "JWT",
    gate: "key",
    hint: /[PJ](?<=eyJ)/,
    pattern: /(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g,
    accept: null,
  },
  {
    mask: "API_KEY",
    gate: "key",
    hint: /-(?<=sk-)/,
    pattern: /(?<![A-Za-z0-9])sk-[\w-]{16,}/g,
    accept: whereMixed,
  },
  prefixed(UNDERSCORE, UNDERSCORE_KEYS),
  prefixed(DASH, DASH_KEYS),
  prefixed(DOT, DOT_KEYS),
  prefixed(CAPITAL, CAPITAL_KEYS),
  prefixed(SIGN, SIGN_KEYS),
  prefixed(DATABRICKS, ["dapi[a-f0-9]{32}(?![a-z0-9])(?:-\\d)?"]),
  {
    mask: "WEBHOOK",
    gate: "key",
    hint: HOOK,
    pattern: /(hooks\.slack\.com\/(?:services|workflows)\/|\/api\/webhooks\/)[\w/-]{16,}/g,
    accept: null,
  },
];

/** A key of random characters holds a digit; a name such as `sk-learn-compatible` does not. */
function whereMixed(found: string): number {
  return /\d/.test(found) && /[A-Za-z]/.test(found.slice(3)) ? found.length : 0;
}

/** A secret key of AWS has no form but its length: what stands before it tells it from other base64. */
function whereSecretIsNear(found: string, { before }: Place): number {
  if (!AWS_OR_SECRET.test(before)) return 0;
  return /[a-z]/.test(found) && /[A-Z]/.test(found) && /\d/.test(found) ? found.length : 0;
}

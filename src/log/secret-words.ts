/** Names of settings that hold a password, as they end, in the languages that people write them in. */
export const PASSWORD_NAMES =
  "passwords?|passwd|passphrases?|passcodes?|passwort|kennwort|pwd|(?<![A-Za-z])(?:pw|mdp|clave)|contrase(?:ñ|n)as?|senha|mot de passe|wachtwoord|hasło|пароль|密码|密碼|口令|パスワード|비밀번호|[_&?-]pass|(?<!\\w)pass(?==)";

const KEY_OWNERS = [
  "secret|api|access|private|account|encryption|signing|master|license|subscription|shared|auth",
  "openai|anthropic|gemini|mistral|groq|cohere|deepseek|litellm|openrouter|replicate|stripe|twilio|sendgrid",
].join("|");

/** Names of settings that hold another secret, as they end: `openai_api_key`, `clientSecret`, `API key`. */
export const SECRET_NAMES = `secret|credentials?|(?:${KEY_OWNERS})[ _-]?key(?:_base)?|bearer_token_bedrock|token|(?<!\\w)pass(?=:)|[?&]sig(?:nature)?|x-(?:amz|goog)-signature`;

/** Between a name and its value: `name": value`, `name := value`, also in JSON that stands in JSON. */
export const NAME_END = "(?:\\\\{0,3}[\"'])?[ \\t\\u00a0]{0,4}";
const PREPOSITIONS = "for|of|to|on|in|at|du|de|für|zum|zur|para";
/** What may stand between the name and the verb: "the password for the staging server is". */
export const PURPOSE = `(?: (?:${PREPOSITIONS})(?: [^\\s:=]{1,40}){1,5}?)?`;

/** Words that a sentence goes on with behind the name of a secret. */
export const VERBS = "is|are|was|ist|lautet|es|est|é";

/** Between the name of a setting and the word "value": in YAML, in JSON, also in JSON that stands in JSON, and in XML. */
const TO_VALUE = "(?:\\\\{0,3}[\"'])?(?:,|\\s|\\\\{1,3}n)(?:\\s|\\\\{1,3}n){0,60}(?:\\\\{0,3}[\"'])?";
/** What stands before "value" where that is the value of a secret: `name: DB_PASSWORD`, `"name": "API_KEY",`. */
export const NAMED_BEFORE = `(?:passwords?|passwd|pwd|passphrase|secret|token|(?:${KEY_OWNERS})[ _-]?key)${TO_VALUE}`;

/** Small and capital letters alike. The engine's own way to say so for a part of a pattern misses words. */
function anyCase(words: string): string {
  return words.replaceAll(/\p{Ll}/gu, (letter) => `[${letter}${letter.toUpperCase()}]`);
}

const ASSIGNED = `${NAME_END}[:=：＝]`;
const FOLLOWED = `[sS]?(?:${ASSIGNED}| (?:${anyCase(`${PREPOSITIONS}|${VERBS}|set|changed`)})[ :])`;
/** A blank and a word with a digit: "password hunter2". */
const BESIDE = " {1,2}(?=\\S{0,255}\\d)";

/** What stands near a secret key of AWS. */
export const AWS_OR_SECRET = /(?<![A-Za-z])[aA][wW][sS]|[cC](?<=(?:se|SE|Se)[cC])(?:ret|RET)|A[KS]IA[A-Z2-7]/;

/** Where an element of XML begins that is called like a secret. */
export const ELEMENT_END = new RegExp(`>(?<=(?:${anyCase("word|passwd|pwd|secret|token|key")})>)[^<>\\n]{3}`);

/** Open where a name above can stand before a value, and at the other words that tell a secret; at rare letters. */
export const WORD_GATE = new RegExp(
  [
    `[sS][sS](?<=[pP][aA]..)(?:(?:${anyCase("words?|wd|phrases?|codes?|wort|e")})?${FOLLOWED}|(?:${anyCase("word|wd|wort")})${BESIDE})`,
    `[sS](?:[eE](?:${anyCase("ñas?|nas?|nha")})${FOLLOWED}|IA[A-Z2-7])`,
    `[kK][eE][yY](?<=(?:${anyCase(KEY_OWNERS)})[ _-]?[kK][eE][yY])(?:_${anyCase("base")})?${FOLLOWED}`,
    `_[bB](?<=_${anyCase("token")}_.)(?:${anyCase("edrock")})${FOLLOWED}`,
    ELEMENT_END.source,
    `[kK](?:[eE][nN](?<=[tT][oO][kK][eE][nN])${FOLLOWED}|(?:${anyCase("ennwort")})(?:${FOLLOWED}|${BESIDE}))`,
    `[kK](?:(?:${anyCase("ie")})${NAME_END}:|IA[A-Z2-7])`,
    `[cC](?:[rR][eE](?:[tT](?<=(?:${anyCase("secret")}))|(?:${anyCase("dentials?")})${FOLLOWED})|(?:${anyCase("lave|htwoord")})${FOLLOWED})`,
    `[pP](?:[wW][dD]?(?:${FOLLOWED}|${BESIDE})|(?<=[mM][dD][pP])${FOLLOWED}|[iI][nN][ a-z:=]{1,12}\\d{4})`,
    `[sS](?:${anyCase("ig(?:nature)?")})${ASSIGNED}`,
    `[zZ](?:${anyCase("ation")})${ASSIGNED}|[bB](?:${anyCase("earer|asic")}) {1,4}[\\w.~+/-]{12}`,
    "[wW][sS](?<=(?<![A-Za-z])[aA][wW][sS])",
    "[łŁ][oO]|[пП][аА][рР]|密[码碼]|口令|パスワード|비밀번호",
  ].join("|"),
);

const NAMED_VALUE = new RegExp(
  `[vV](?=(?:alue|ALUE)${NAME_END}[:=])(?<=(?:${anyCase("words?|passwd|pwd|phrase|secret|token|key")})${TO_VALUE}[vV])`,
);

/** Whether a name above can stand beside its value, as in a manifest and in PHP: asked apart, for few texts have the words. */
export function mayNameValue(text: string): boolean {
  // One character is looked for many at a time, and most texts do without it; a word of frequent letters is not.
  if (text.includes("(") && text.includes("define(")) return true;
  if (!text.includes(":") && !text.includes("=")) return false;
  return (text.includes("alue") || text.includes("ALUE")) && NAMED_VALUE.test(text);
}

/** Words that stand where a secret would, and are none: types, placeholders, states. */
const NO_SECRET =
  /^(?:\*+|x+|\.+|-+|_+|str|string|text|bytes|int|number|bool|boolean|any|object|true|false|null|none|nil|undefined|optional|required|mandatory|unset|empty|missing|invalid|expired|wrong|incorrect|correct|right|changed?|reset|is|was|the|your|my|a|an|not|and|or|hash|hashed|field|input|yes|no|here|there|this|that|these|those|what|which|when|where|with|without|only|also|just|never|always|often|already|still|longer|shorter|weak|strong|short|long|safe|unsafe|public|private|secret|plain|plaintext|in|on|at|to|of|for|from|as|by|be|being|too|very|sent|kept|set|known|unknown|gone|lost|given|taken|shown|hidden|written|used|stored|rotated|shared|same|different|default|either|neither|based|case|sensitive|per|part|one|two|new|old|redacted|masked|value|password|passwd|token|example|placeholder|must|should|can|may|will|has|have|had|needs|contains|used)[.!?:]*$/i;

/** Endings of the words that sentences about passwords go on with: "is encrypted", "is missing". */
const ENDS_LIKE_PROSE = /(?:ed|ing|ly|able|ible|ory|ary|ive|ent|ant|al|ect|ous|ic|ful|less|er|est)[.!?:]*$/i;

/** References to a secret that is elsewhere: variables, templates, look-ups. */
const REFERENCE =
  /^(?:[$%]|\{\{|<|os\.environ|process\.env|env\(|getenv|secrets\.|vars?\.|vault:|ref\+|op:\/\/|\/run\/secrets\/)/i;

/** Names of algorithms and encodings, and figures with their unit: no secrets. */
const TECHNICAL =
  /^(?:sha|md|base|argon|bcrypt|scrypt|pbkdf|oauth|utf|hs|rs|es|aes|ed|v|p|s|k|tls|http|ipv|x)-?\d{1,4}(?:id|s|_\d+)?$|^\d+(?:-?bit|-?char(?:acter)?s?|-?byte|ms|s|min|h|d|k|kb|mb|gb|x|th|st|nd|rd|px|em|%)?$/i;

/** Whether a value is none that anybody would call secret, whatever it was given to. */
export function isNoSecret(value: string): boolean {
  return NO_SECRET.test(value) || REFERENCE.test(value);
}

/** What no sentence goes on with: a digit among letters, or capitals after small ones. */
export function isMixed(value: string): boolean {
  if (TECHNICAL.test(value)) return false;
  return (/\d/.test(value) && /[a-z]/i.test(value)) || /[a-z][A-Z]/.test(value);
}

/** Whether "the password is" can go on with the word without telling it. */
export function isProse(value: string): boolean {
  return isNoSecret(value) || ENDS_LIKE_PROSE.test(value);
}

const ENDS_IN_PASSWORD = new RegExp(`(?:${PASSWORD_NAMES})s?${NAME_END}$`, "i");

/** Whether a text ends in the name of a password; other secrets are never plain words. */
export function endsInPassword(text: string): boolean {
  return ENDS_IN_PASSWORD.test(text);
}

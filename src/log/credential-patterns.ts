import {
  whereAssigned,
  whereBlock,
  whereMixed,
  whereOfEnvironment,
  whereOfName,
  whereSecret,
  whereTold,
  whereTyped,
} from "./credential-values.ts";
import type { RedactionPattern } from "./redaction-pattern.ts";
import {
  ELEMENT_END,
  isMixed,
  NAME_END,
  NAMED_BEFORE,
  PASSWORD_NAMES,
  PURPOSE,
  SECRET_NAMES,
  VERBS,
} from "./secret-words.ts";

const NAMES = `${PASSWORD_NAMES}|${SECRET_NAMES}`;
/** A name and the sign that gives it a value, looked at from the sign: names are many, signs are few. */
const ASSIGN = `(?<=(?:${NAMES})${NAME_END})(?:=>|:=|={1,2}|[:：＝])[ \\t\\u00a0]{0,4}`;
/** Not in a value without quotes. */
const DELIMITERS = "\\s\"'`,;&<>(){}\\[\\]，。；、！？」』）";
/** A character of a value; a `&` is one too, unless another name and its value follow, and so is a comma within it. */
const IN_VALUE = `(?:[^${DELIMITERS}”\\\\]|&(?![\\w.-]{1,40}=)|,(?=[^${DELIMITERS}”\\\\])(?![\\w.-]{1,40}[ \\t]{0,2}[=:]))`;
/** Names of constants of WordPress that hold a secret, as they end, beside the others: a `META_KEY` holds none. */
const PHP_NAMES = `${NAMES}|(?:LOGGED_IN|NONCE)_KEY|_SALT`;
/** `str | None`, `list[str]`; blanks beside a bar only, for what has others is a sentence. */
const TYPE = "[A-Za-z][\\w.<>[\\]]{0,40}(?: ?\\| ?[\\w.<>[\\]]{1,40}){0,3}";
const VERB = `(?: (?:${VERBS})(?: now| still| currently)?(?: set to| changed to)?:?|(?: set| changed) to:?|[:=])`;

const AUTHORIZATION_HINT = /[:=](?<=uthorization["'\\]{0,4}[ \t]{0,4}[:=])/i;
const AUTHORIZATION = `authorization(?:\\\\{0,3}["'])?[ \\t]{0,4}[:=][ \\t]{0,4}(?:\\\\{0,3}["'])?`;
const IN_AUTHORIZATION = "[^\\s\"'`,;<>[\\]{}$\\\\]";

/** A block of lines, as YAML writes them, also where they stand in JSON: as far as its first line is indented. */
function blockOfLines(newline: string, inLine: string): RedactionPattern {
  const header = `:[ \\t]{1,4}[|>][+-]?\\d?[+-]?[ \\t]{0,4}${newline}`;
  const named = `(?<=(?:${NAMES})${NAME_END})|(?<=${NAMED_BEFORE}[vV](?:alue|ALUE)${NAME_END})`;
  const lines = `${inLine}+(?:(?:${newline})+\\k<indent>${inLine}*)*`;
  return {
    mask: "SECRET",
    gate: "word",
    hint: /:[ \t]{1,4}[|>]/,
    pattern: new RegExp(`((?=:[ \\t]{1,4}[|>])(?:${named})${header}(?<indent>[ \\t]{1,40}))${lines}`, "gi"),
    accept: whereBlock,
  };
}

/** Credentials that no form of their own tells, but the header, the option or the words before them. */
export const CREDENTIAL_PATTERNS: readonly RedactionPattern[] = [
  blockOfLines("\\r?\\n", "[^\\r\\n]"),
  blockOfLines("(?:\\\\{1,3}r)?\\\\{1,3}n", '(?:[^\\n"\\\\]|\\\\(?!\\\\{0,2}n)[^\\n])'),
  {
    mask: "PASSWORD",
    gate: "address",
    hint: /:\/\//,
    pattern: /(:\/\/[^\s:@/?#"'<>]{0,255}:)[^\s/"'<>]{1,255}(?=@)/g,
    accept: null,
  },
  {
    mask: "TOKEN",
    gate: "address",
    hint: /:\/\//,
    pattern: /(:\/\/)[\w-]{20,255}(?=@)/g,
    accept: null,
  },
  {
    mask: "TOKEN",
    gate: "word",
    hint: /[cCrR] (?<=(?:[Bb]earer|BEARER|[Bb]asic) )/,
    pattern: /(?<!\w)((?:[Bb]earer|BEARER|[Bb]asic) {1,4})(?=[\w.~+/-]{0,256}\d)[\w.~+/-]{12,}={0,2}/g,
    accept: null,
  },
  {
    mask: "TOKEN",
    gate: "word",
    hint: AUTHORIZATION_HINT,
    // Behind a scheme of its own a credential is long; "see section2" is none.
    pattern: new RegExp(
      `(${AUTHORIZATION}(?:(?:basic|bearer|token|apikey) {1,4}|[a-z][a-z-]{1,30} {1,4}(?=${IN_AUTHORIZATION}{16})))${IN_AUTHORIZATION}{6,}`,
      "gi",
    ),
    accept: whereMixed,
  },
  {
    mask: "TOKEN",
    gate: "word",
    hint: AUTHORIZATION_HINT,
    pattern: new RegExp(`(${AUTHORIZATION})${IN_AUTHORIZATION}{6,}`, "gi"),
    // Not the scheme before what was masked already.
    accept: (found, { after }) => (/^ {1,4}\[TOKEN\]/.test(after) ? 0 : whereMixed(found)),
  },
  {
    mask: "COOKIE",
    gate: "word",
    hint: /:(?<=ookie["'\\]{0,4}:)/i,
    pattern: /((?:set-)?cookie(?:\\{0,3}["'])?:[ \t]{0,4}(?:\\{0,3}["'])?)[^\r\n"'\\]{8,}/gi,
    accept: (found) => (found.includes("=") ? found.length : 0),
  },
  {
    mask: "COOKIE",
    gate: "key",
    hint: /-(?=b[ =]|-cookie)/,
    // As browsers copy a request for curl.
    pattern: /((?<![\w-])(?:-b|--cookie)[ =]{1,2}\$?["'])[^"'\n]{8,8192}/g,
    accept: (found) => (/^[\w.%~!-]+=/.test(found) && isMixed(found) ? found.length : 0),
  },
  {
    mask: "SECRET",
    gate: "word",
    hint: /=(?<=[A-Z]=)/,
    // A line of an environment: whatever is in its value, but quotes and blanks.
    pattern: new RegExp(
      `((?==)(?<=(?:^|[\\s;]|\\\\n)[A-Z][A-Z0-9_]{0,60}(?<=${NAMES}))=)(?:[^\\s"'\`\\\\,;&]|[,;&](?![\\w.-]{0,40}=)){3,}`,
      "gi",
    ),
    accept: whereOfEnvironment,
  },
  {
    mask: "SECRET",
    gate: "word",
    hint: /define\(/,
    // `define('DB_PASSWORD', 'swordfish');` of PHP
    pattern: new RegExp(
      `(define\\([ \\t]{0,4}(["'])\\w{0,40}(?:${PHP_NAMES})\\2,[ \\t]{0,40}(["']))(?:(?!\\3)[^\\n\\\\]|\\\\.){3,8192}(?=\\3)`,
      "gi",
    ),
    accept: whereSecret,
  },
  {
    mask: "SECRET",
    gate: "word",
    hint: /=(?=[ \t]{0,4}["'`])(?<=:[ \t]{0,4}[A-Za-z][\w.|<>[\] ]{0,80}=)/,
    // With its type between: `password: str = "swordfish"`
    pattern: new RegExp(
      `((?==)(?<=(?:${NAMES})${NAME_END}:[ \\t]{0,4}${TYPE} {0,4})=[ \\t]{0,4}(["'\`]))(?:(?!\\2)[^\\n\\\\]|\\\\.){3,8192}(?=\\2)`,
      "gi",
    ),
    accept: whereTyped,
  },
  {
    mask: "SECRET",
    gate: "word",
    hint: /[:=：＝]/,
    // In quotes, up to the same quote: blanks and all.
    pattern: new RegExp(
      `(${ASSIGN}[bfru]{0,2}(\\\\{0,3}["'\`]))(?:(?!\\2)(?:[^\\n\\\\]|\\\\.)){3,8192}(?=\\2)`,
      "gi",
    ),
    accept: whereSecret,
  },
  {
    mask: "SECRET",
    gate: "word",
    hint: /[:=：＝]/,
    pattern: new RegExp(`(${ASSIGN}\\\\{0,3}["'\`]?)${IN_VALUE}{3,}`, "gi"),
    accept: whereAssigned,
  },
  {
    mask: "SECRET",
    gate: "word",
    hint: ELEMENT_END,
    // `<password>hunter2</password>`
    pattern: /(<(?:[\w:.-]{0,40}?(?:password|passwd|pwd|secret|token|api[_-]?key))>)[^<>\n]{3,8192}(?=<\/)/gi,
    accept: (found) => (whereSecret(found.trim()) === 0 ? 0 : found.length),
  },
  {
    mask: "SECRET",
    gate: "word",
    hint: /value["'\\]{0,4}[ \t\u00a0]{0,4}[:=]/i,
    // `- name: DB_PASSWORD`, and in the next line `value: hunter2`
    pattern: new RegExp(
      `((?<=${NAMED_BEFORE})value${NAME_END}[:=][ \\t]{0,4}(?:\\\\{0,3}["'])?)(?:(?<=")[^"\\n\\\\]{3,8192}|(?<=')[^'\\n\\\\]{3,8192}|${IN_VALUE}{3,})`,
      "gi",
    ),
    accept: whereOfName,
  },
  {
    mask: "SECRET",
    gate: "word",
    hint: / (?:is|are|was|ist|lautet|es|est|é|set to|changed to)[ :]|[:=] /i,
    pattern: new RegExp(
      `((?=${VERB} )(?<=(?:${NAMES})s?${PURPOSE})${VERB} {1,2}["'\`“]?)${IN_VALUE}{3,}`,
      "gi",
    ),
    accept: whereTold,
  },
  {
    mask: "SECRET",
    gate: "word",
    hint: /[码碼令ド호][是为為は]/,
    pattern: /((?:密码|密碼|口令|パスワード|비밀번호)(?:是|为|為|は) {0,2})[!-~]{3,255}/g,
    accept: null,
  },
  {
    mask: "SECRET",
    gate: "word",
    hint: /[dtw] (?<=(?:word|passwd|pwd|wort|pw) )/i,
    pattern:
      /((?:password|passwd|pwd|passwort|kennwort|(?<![a-z])pw) {1,2}["'`]?)[^\s"'`,;&<>(){}[\]:=]{5,255}/gi,
    accept: (found) => (isMixed(found) && /\d/.test(found) ? found.length : 0),
  },
  {
    mask: "SECRET",
    gate: "word",
    hint: /[pP](?=IN|in)/,
    pattern: /((?<!\w)(?:PIN|Pin|pin)(?: code| number)?(?:(?: is|:|=) {0,2}| {1,2}))\d{4,8}(?![\w.-])/g,
    accept: null,
  },
  {
    mask: "SECRET",
    gate: "key",
    hint: /--(?=pass|token|api|secret|access)/,
    pattern:
      /(--(?:password|passwd|pass|passphrase|token|api-key|secret|secret-key|access-key|access-token)[ \t]{1,4}["']?)[^\s"'`<>[\]{}$-][^\s"'`<>[\]{}$]{2,255}/g,
    accept: whereMixed,
  },
  {
    mask: "PASSWORD",
    gate: "key",
    hint: /-u(?:ser)?[ =]/,
    pattern: /((?<![\w-])(?:-u|--user)[ =]{1,2}["']?[^\s:"']{1,64}:)[^\s"'$<[][^\s"']{2,255}/g,
    accept: (found) => (/^\d+$/.test(found) ? 0 : found.length),
  },
  {
    mask: "PASSWORD",
    gate: "key",
    hint: / -(?=[paw])/,
    // The clients of MySQL take a password right behind -p, the others behind a blank too.
    pattern:
      /((?<![\w-])(?:mysql\w{0,10}|mariadb(?:-\w{1,10})?)(?: [^\n|;]{0,200}?)? -p|(?<![\w-])(?:(?:sshpass|docker login|mongo\w{0,8})(?: [^\n|;]{0,200}?)? -p|redis-cli(?: [^\n|;]{0,200}?)? -a|ldap\w{3,8}(?: [^\n|;]{0,200}?)? -w) ?)(?:"[^"\n]{3,255}"|'[^'\n]{3,255}'|[^\s"'$<-][^\s"']{2,255})/g,
    accept: null,
  },
];

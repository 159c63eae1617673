import type { RedactionPattern } from "./redact-patterns.ts";

/** Credentials that no form of their own tells, but the header, the option or the words before them. */
export const CREDENTIAL_PATTERNS: readonly RedactionPattern[] = [
  {
    mask: "TOKEN",
    hint: /[:=](?<=uthorization["']?[ \t]{0,4}[:=])/i,
    pattern:
      /(authorization["']?[ \t]{0,4}[:=][ \t]{0,4}["']?(?:(?:basic|bearer|token|apikey) {1,4})?)[^\s"'`,;<>[\]{}$]{6,4096}/gi,
    accept: whereNoWord,
  },
  {
    mask: "COOKIE",
    hint: /:(?<=ookie["']?:)/i,
    pattern: /((?:set-)?cookie["']?:[ \t]{0,4}["']?)[^\r\n"']{8,4096}/gi,
    accept: (found) => (found.includes("=") ? found.length : 0),
  },
  {
    mask: "SECRET",
    hint: /--(?=pass|token|api|secret)/,
    pattern:
      /(--(?:password|passwd|pass|token|api-key|secret|secret-key|access-key)[ \t]{1,4})[^\s"'`<>[\]{}$-][^\s"'`<>[\]{}$]{3,255}/g,
    accept: whereNoWord,
  },
  {
    mask: "PASSWORD",
    hint: /-u(?:ser)?[ =]/,
    pattern: /((?<![\w-])(?:-u|--user)[ =]{1,2}["']?[^\s:"']{1,64}:)[^\s"'$<[][^\s"']{2,255}/g,
    accept: whereNoNumber,
  },
  {
    mask: "SECRET",
    hint: / ist? (?<=(?:word|phrase|pwd|wort|key|token) ist? )/,
    pattern:
      /((?:password|passwd|passphrase|pwd|passwort|kennwort|(?:api|access|secret)[ _-]?key|token) (?:is|ist) ["'`]?)[^\s"'`,;<>(){}[\]]{5,255}/gi,
    accept: whereNoWord,
  },
];

/** What no sentence goes on with: a digit among letters, or capitals after small ones. */
function whereNoWord(found: string): number {
  const value = /[^\s"'`:=]+=*$/.exec(found)?.[0] ?? "";
  return (/\d/.test(value) && /[a-z]/i.test(value)) || /[a-z][A-Z]/.test(value) ? found.length : 0;
}

/** `-u 1000:1000` is the user of a container. */
function whereNoNumber(found: string): number {
  return /:\d+$/.test(found) ? 0 : found.length;
}

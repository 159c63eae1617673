import type { Place } from "./redaction-pattern.ts";
import { endsInPassword, isMixed, isNoSecret, isProse, PASSWORD_NAMES, PURPOSE } from "./secret-words.ts";

// How much of what stands behind a name is a secret, in characters: 0 where it is none.

export function whereSecret(found: string): number {
  return isNoSecret(found) ? 0 : found.length;
}

/** Not what is indented no more than its name, which is the next one, no sentence, and nothing that was masked already. */
export function whereBlock(found: string, { before, kept }: Place): number {
  const indent = /[ \t]*$/.exec(kept)?.[0] ?? "";
  const [own = ""] = /[ \t]*(?=[^\n]*$)/.exec(before.slice(before.lastIndexOf("\n") + 1)) ?? [];
  if (indent.length <= own.length || isNoSecret(found.trim()) || /^\[[A-Z_]+\]\s*$/.test(found)) return 0;
  const isSentence = found.trim().split(/\s+/).length >= 4 && /[.?!:](?:\s|\\n)*$/.test(found);
  return isSentence ? 0 : found.length;
}

/** `if token: mode = "bearer"` assigns to another name. */
const CONDITION = /(?<!\w)(?:if|elif|while|case|when) (?:not )?[\w.]*: ?[^\n;:]*$/;

/** With its type between the name and the value. */
export function whereTyped(found: string, { before }: Place): number {
  return CONDITION.test(before) ? 0 : whereSecret(found);
}

export function whereMixed(found: string): number {
  return !isNoSecret(found) && isMixed(found) ? found.length : 0;
}

/** Without quotes a call, an index, a bare name of a program and a word of prose are no secrets. */
export function whereAssigned(found: string, { before, kept, after }: Place): number {
  if (isCalled(found, after) || isNoSecret(untilComma(found))) return 0;
  if (/^\d[\d,]*$/.test(found)) return endsInPassword(before) ? found.length : 0;
  if (/["'`]$/.test(kept) || (/\d/.test(found) && isMixed(found))) return found.length;
  return takesWords(before, kept) && /^[^_.$%/\\]+$/.test(found) ? found.length : 0;
}

/** `password: str,int` names types. */
function untilComma(value: string): string {
  return value.split(",", 1)[0] ?? "";
}

/** Not a call, a name, a reference or a figure; without the comma or bracket that ends what it stands in. */
export function whereOfEnvironment(found: string, { before }: Place): number {
  const value = found.replace(/[.,;:)\]}]+$/, "");
  if (!/[A-Z]{3}$/.test(before) || value.length < 3 || isNoSecret(value)) return 0;
  if (/^[\w.:]*[([{<]|^_?[a-z]+(?:[_.][a-z]+)+$|^=/i.test(value) || found.endsWith("...")) return 0;
  if (/^\d[\d.,]*$/.test(value)) return endsInPassword(before) ? value.length : 0;
  return value.length;
}

/** A number under another name than a password's is a limit. */
export function whereOfName(found: string, { before, kept, after }: Place): number {
  if (isNoSecret(found) || !/alue|ALUE/.test(kept)) return 0;
  if (/^\d+$/.test(found) && !NAMED_PASSWORD.test(before)) return 0;
  return /["']$/.test(kept) || isOfManifest(found, before, after) ? found.length : 0;
}

const NAMED_PASSWORD = /(?:passwords?|passwd|pwd|passphrase)[\s"'\\,n]*$/i;

/** Without quotes on a line of its own or in a mapping only, and no path of names: `token, value = next(tokens)` is code. */
function isOfManifest(found: string, before: string, after: string): boolean {
  const hasDigits = /\d/.test(found) && isMixed(found);
  if (hasDigits && IN_MAPPING.test(before)) return true;
  const isWord = hasDigits || /^[^_.$%/\\]+$/.test(found);
  return isWord && /(?:\n|\\n)[ \t]*$/.test(before) && !isOfCode(after);
}

/** `{name: DB_PASSWORD, value: hunter2}` */
const IN_MAPPING = /\{[ \t]{0,4}name: [^{}\n]{1,60},[ \t]{0,4}$/i;

/** `value=result,` is an argument, and `value: Final = 1` a variable. */
function isOfCode(after: string): boolean {
  return /^(?:,[ \t]*(?:$|\r?\n|\\n)|\)|[ \t]+=)/.test(after);
}

/** `get_password(user)`, `tokens[0]` */
function isCalled(found: string, after: string): boolean {
  return /^[([]/.test(after) && /^[\w.:]+$/.test(found);
}

/** A password may be a plain word, and so may what a variable of the environment is set to. */
function takesWords(before: string, kept: string): boolean {
  return endsInPassword(before) || (kept === "=" && /[A-Z]{3}$/.test(before));
}

/** What a sentence tells: letters and digits, or one last word that is none of prose. */
export function whereTold(found: string, { before, kept, after }: Place): number {
  const value = found.replace(/[.!?:]+$/, "");
  if (value.length < 3 || isNoSecret(untilComma(value)) || isCalled(found, after)) return 0;
  if (/["'`“]$/.test(kept)) return found.length;
  if (isMixed(value)) return value.length;
  const isLast = value.length < found.length || /^[\s,;]*(?:$|[\r\n])/.test(after);
  return isLast && value.length >= 5 && !isProse(value) && PASSWORD_BEFORE.test(before) ? value.length : 0;
}

const PASSWORD_BEFORE = new RegExp(`(?:${PASSWORD_NAMES})s?${PURPOSE}$`, "i");

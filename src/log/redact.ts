import { CREDENTIAL_PATTERNS } from "./credential-patterns.ts";
import { foldNumbers } from "./fold-numbers.ts";
import { KEY_PATTERNS, mayHoldKey } from "./key-patterns.ts";
import { NUMBER_GATE, PERSONAL_PATTERNS } from "./personal-patterns.ts";
import type { Gate, RedactionPattern } from "./redaction-pattern.ts";
import { mayNameValue, WORD_GATE } from "./secret-words.ts";

/**
 * The patterns, in the order in which they are tried: known forms first, for what the words around a secret
 * tell is the less certain, and numbers last.
 */
export const REDACTION_PATTERNS: readonly RedactionPattern[] = [
  ...KEY_PATTERNS,
  ...CREDENTIAL_PATTERNS,
  ...PERSONAL_PATTERNS,
];

/** A text without secrets and personal data, and how many places were masked. */
export interface Redacted {
  readonly text: string;
  readonly redactions: number;
}

/** What stands around a place that was found is looked at this far, in UTF-16 code units. */
const BEFORE_CHARS = 80;
const AFTER_CHARS = 16;

/**
 * Short texts in which nothing was found: rows have the same names of models, tags and reasons again and again, and to look
 * a text up takes a quarter of the time that a search through forty characters takes.
 */
const clean = new Set<string>();
const MAX_CLEAN = 1_024;
const MAX_CLEAN_CHARS = 64;

/**
 * Masks API keys, tokens, private keys, passwords, e-mail addresses, phone, card, account and social
 * security numbers, cookies and IP addresses by their form. Linear in the length of the text, whatever is in it.
 */
export function redact(text: string): Redacted {
  const isShort = text.length <= MAX_CLEAN_CHARS;
  if (isShort && clean.has(text)) return { text, redactions: 0 };
  const redacted = maskAll(text);
  if (isShort && redacted.redactions === 0) keepClean(text);
  return redacted;
}

function keepClean(text: string): void {
  if (clean.size >= MAX_CLEAN) clean.clear();
  // A copy: a text that was cut out of a long one keeps that alive.
  clean.add(Buffer.from(text, "utf16le").toString("utf16le"));
}

function maskAll(text: string): Redacted {
  const gates = openGates(text, foldNumbers(text));
  let redacted: Redacted = { text, redactions: 0 };
  if (gates.length === 0) return redacted;
  for (const pattern of REDACTION_PATTERNS) {
    if (gates.includes(pattern.gate) && mayFind(pattern, redacted.text)) redacted = mask(redacted, pattern);
  }
  return redacted;
}

function mayFind({ gate, hint }: RedactionPattern, text: string): boolean {
  if (hint.test(text)) return true;
  const folded = gate === "number" ? foldNumbers(text) : text;
  return folded !== text && hint.test(folded);
}

/** Most texts hold nothing that any pattern could find: a few looks tell. */
function openGates(text: string, folded: string): Gate[] {
  const gates: Gate[] = [];
  if (mayHoldKey(text)) gates.push("key");
  if (WORD_GATE.test(text) || mayNameValue(text)) gates.push("word");
  if (text.includes("@") || text.includes("%40")) gates.push("address");
  if (NUMBER_GATE.test(folded)) gates.push("number");
  return gates;
}

/** Masks what one pattern finds, whatever its gate and its hint say of the text. */
export function mask(redacted: Redacted, form: RedactionPattern): Redacted {
  if (form.gate !== "number") return maskIn(redacted.text, redacted, form);
  const folded = foldNumbers(redacted.text);
  const masked = maskIn(folded, redacted, form);
  // A long dash may also stand between a number and what it is no part of.
  return folded === redacted.text ? masked : maskIn(masked.text, masked, form);
}

/** @param looked what is looked at in the place of the text, as long as it. */
function maskIn(looked: string, { text, redactions }: Redacted, form: RedactionPattern): Redacted {
  const { pattern, mask, accept } = form;
  let masked = "";
  let done = 0;
  let count = redactions;
  pattern.lastIndex = 0;
  for (let match = pattern.exec(looked); match !== null; match = pattern.exec(looked)) {
    const end = pattern.lastIndex;
    const { start, kept } = beginningOf(match, done);
    const found = looked.slice(start, end);
    const before = looked.slice(Math.max(0, match.index - BEFORE_CHARS), match.index);
    const place = { before, kept, after: looked.slice(end, end + AFTER_CHARS) };
    const length = accept === null ? found.length : accept(found, place);
    if (length === 0) continue;
    masked += `${text.slice(done, start)}[${mask}]`;
    done = start + length;
    // What was matched may be longer than what was found, and hold the next one.
    pattern.lastIndex = done;
    count += 1;
  }
  return done === 0 ? { text, redactions } : { text: masked + text.slice(done), redactions: count };
}

/** Where the secret of a match begins: behind its first group, or in front of the match with what was looked back at. */
function beginningOf(
  match: RegExpExecArray,
  done: number,
): { readonly start: number; readonly kept: string } {
  const { local } = match.groups ?? {};
  if (local !== undefined) return { start: Math.max(done, match.index - local.length), kept: "" };
  const kept = match[1] ?? "";
  return { start: match.index + kept.length, kept };
}

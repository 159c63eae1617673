import type { KeyObject } from "node:crypto";
import { headOf, tailOf } from "./cut-text.ts";
import { keyedHash } from "./keyed-hash.ts";
import { redact } from "./redact.ts";

/** How much of the text of requests is stored: `collector.store_text` of gateway.yaml. */
type StoreText = "none" | "redacted" | "full";

/** What may be stored, and the key of the hashes that stand for what may not. */
export interface Privacy {
  readonly storeText: StoreText;
  /** Key of HMAC-SHA256, 32 bytes. With bytes a hash takes eight times as long as with an object made once. */
  readonly hashKey: KeyObject | Buffer;
  /**
   * Whether a model name is one of the configuration's own, which gives nobody away. Left out: none is.
   * Under `none` all other names are stored as their hash.
   */
  readonly listed?: (name: string) => boolean;
}

/** Most characters of a text that `redacted` keeps. */
const MAX_REDACTED_CHARS = 8_000;
const CUT_MARK = "\n[...]\n";
/** Three tenths of them are its beginning; the rest is its end, where the instruction often stands. */
const HEAD_CHARS = 0.3 * MAX_REDACTED_CHARS;
const TAIL_CHARS = MAX_REDACTED_CHARS - HEAD_CHARS - CUT_MARK.length;
/** Longer texts are looked at near what is kept of them only: the callback sends at most 64 KiB of a request. */
const MAX_WHOLE_CHARS = 65_536;
/** How far beyond what is kept such a text is looked at: longer than any key that is no block. */
const MARGIN_CHARS = 1_024;
/** What is not kept next to such a cut, as it may be a part of a secret, which no form tells. */
const UNSURE_CHARS = 512;

/** Shorter free-form names are replaced in sentences only where they stand in quotes. */
const MIN_BARE_NAME_CHARS = 4;

/** Puts the texts of one row into the form in which they may be stored, and counts what it masked. */
export interface Veil {
  /** Free text of the request; null under `none`. */
  text(value: string): string | null;
  /** The first `max` characters of free text; null under `none`. */
  start(value: string, max: number): string | null;
  /** A model name or a tag: free-form, unless it is listed. */
  name(value: string): string;
  /** An identifier that rows are grouped and erased by: hashed under `none`, else as it is. */
  id(value: string): string;
  /** Words of a list of ours that were found in the request: they tell what was in it. "" under `none`. */
  found(value: string): string;
  /** A sentence of the router's own that may name what the client sent. */
  sentence(value: string): string;
  redactions(): number;
}

/** @param freeForm strings of the client that the router's own sentences may quote. */
export function createVeil(privacy: Privacy, freeForm: readonly string[]): Veil {
  switch (privacy.storeText) {
    case "none":
      return hashingVeil(privacy, freeForm);
    case "redacted":
      return redactingVeil();
    case "full":
      return {
        text: asIs,
        start: headOf,
        name: asIs,
        id: asIs,
        found: asIs,
        sentence: asIs,
        redactions: () => 0,
      };
    default:
      return privacy.storeText satisfies never;
  }
}

function asIs(value: string): string {
  return value;
}

function hashingVeil({ hashKey, listed }: Privacy, freeForm: readonly string[]): Veil {
  const hash = (value: string) => keyedHash(value, hashKey);
  const isListed = (value: string) => listed?.(value) ?? false;
  const hidden = freeForm.filter((value) => value !== "" && !isListed(value));
  return {
    text: () => null,
    start: () => null,
    name: (value) => (isListed(value) ? value : hash(value)),
    id: hash,
    found: () => "",
    sentence: (value) => hidden.reduce((text, name) => hideName(text, name, hash), value),
    redactions: () => 0,
  };
}

function hideName(text: string, name: string, hash: (value: string) => string): string {
  if (!text.includes(name)) return text;
  const quoted = text.replaceAll(`"${name}"`, () => `"${hash(name)}"`);
  return name.length < MIN_BARE_NAME_CHARS ? quoted : quoted.replaceAll(name, () => hash(name));
}

function redactingVeil(): Veil {
  let redactions = 0;
  const mask = (value: string) => {
    const masked = redact(value);
    redactions += masked.redactions;
    return masked.text;
  };
  return {
    text: (value) => maskAndShorten(value, mask),
    start: (value, max) => maskStart(value, max, mask),
    name: mask,
    id: asIs,
    found: asIs,
    sentence: mask,
    redactions: () => redactions,
  };
}

type Mask = (text: string) => string;

/** Keeps the beginning and the end. Done after masking, so that no cut goes through a secret. */
function maskAndShorten(text: string, mask: Mask): string {
  if (text.length > MAX_WHOLE_CHARS) {
    return maskStart(text, HEAD_CHARS, mask) + CUT_MARK + maskEnd(text, TAIL_CHARS, mask);
  }
  const masked = mask(text);
  if (masked.length <= MAX_REDACTED_CHARS) return masked;
  return headOf(masked, HEAD_CHARS) + CUT_MARK + tailOf(masked, TAIL_CHARS);
}

/** Looks only a little further than what is kept; what is cut there may be half a secret, and is not kept. */
function maskStart(text: string, max: number, mask: Mask): string {
  if (text.length <= max + MARGIN_CHARS) return headOf(mask(text), max);
  const masked = mask(headOf(text, max + MARGIN_CHARS));
  return headOf(masked, Math.min(max, Math.max(0, masked.length - UNSURE_CHARS)));
}

function maskEnd(text: string, max: number, mask: Mask): string {
  const masked = mask(tailOf(text, max + MARGIN_CHARS));
  return tailOf(masked, Math.min(max, Math.max(0, masked.length - UNSURE_CHARS)));
}

import { KINDS, SPACE } from "./script.ts";

/** What any white space is read as. */
export const BLANK = 32;

const STRAIGHT_QUOTE = 39;
const FIRST_NON_ASCII = 128;
const CURLY_QUOTE = 0x2019;

/** A UTF-16 code unit as words are compared: any white space is a space, a curly quote a straight one. */
export function symbolOf(unit: number): number {
  return unit > BLANK && unit < FIRST_NON_ASCII ? unit : rareSymbolOf(unit);
}

function rareSymbolOf(unit: number): number {
  if (KINDS[unit] === SPACE) return BLANK;
  return unit === CURLY_QUOTE ? STRAIGHT_QUOTE : unit;
}

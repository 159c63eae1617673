import { stripVTControlCharacters } from "node:util";

/**
 * A text as a terminal may show it. Names and comments that clients sent could clear its screen or set its title: such
 * sequences are left out, and other control characters but ends of lines and tabs become "?", as do those that have
 * what follows them read from the other side.
 */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replace(/[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/gu, "?");
}

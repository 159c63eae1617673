import { stripVTControlCharacters } from "node:util";

/**
 * A text as a terminal may show it. Names and comments that clients sent could clear its screen or set its title: such
 * sequences are left out, and other control characters but ends of lines and tabs become "?".
 */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replace(/[^\P{Cc}\n\t]/gu, "?");
}

import { expect, it } from "vitest";
import { printable } from "../../src/cli/printable.ts";

it.each([
  ["\u001b[2J\u001b]0;title\u0007model", "model", "sequences"],
  ["a\u0007b\rc\u0000d\u009be\u007f", "a?b?c?d?e?", "other control characters"],
  ["a\u202eb\u2066c\u2069", "a?b?c?", "what turns a text round"],
  ["אבג\u200f مرحبا", "אבג\u200f مرحبا", "nothing of a text that is written from the right"],
  ["tiers\n\tsimple  日本語 é 😀", "tiers\n\tsimple  日本語 é 😀", "nothing of a plain text"],
])("printable(%j) is %j: takes out %s", (text, shown) => {
  expect(printable(text)).toBe(shown);
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mask, REDACTION_PATTERNS, type Redacted, redact } from "../../src/log/redact.ts";
import { HARMLESS, SECRETS } from "./redact-tables.ts";

/** Every pattern on the whole text, in order: what `redact` would do if it looked for nothing first. */
function redactSlowly(text: string): Redacted {
  const start: Redacted = { text, redactions: 0 };
  return REDACTION_PATTERNS.reduce((redacted, pattern) => mask(redacted, pattern), start);
}

const secret = fc.constantFrom(...SECRETS.map(([, text]) => text));
const harmless = fc.constantFrom(...HARMLESS.map(([, text]) => text));
const NAMES = [
  "password",
  "PASS",
  "pw",
  "Token",
  "apiKey",
  "clave",
  "senha",
  "пароль",
  "密码",
  "cookie",
  "PIN",
];
const SIGNS = [
  ":",
  "=",
  " is ",
  " for prod is ",
  " IS ",
  " For x Is now ",
  '": "',
  "='",
  " ",
  "：",
  " := ",
  " -p",
  "@",
  "://",
  ".",
  "-",
];
const VALUES = [
  "hunter2000",
  "swordfish",
  "1234",
  "aA1".repeat(13),
  "x",
  "a.b",
  "DE89",
  "0301234567",
  "é@é.рф",
];
const piece = fc.oneof(
  secret,
  // A part of a secret: what a cut leaves.
  fc.tuple(secret, fc.nat(80), fc.nat(80)).map(([text, from, length]) => text.slice(from, from + length)),
  harmless,
  fc.constantFrom(...NAMES, ...SIGNS, ...VALUES),
  fc.string({ maxLength: 12 }),
  fc.string({ unit: "grapheme", maxLength: 6 }),
);
const between = fc.constantFrom("", " ", "\n", ", ", '"', ": ", "=");
const anyText = fc.array(fc.tuple(piece, between), { maxLength: 8 }).map((parts) => parts.flat().join(""));

describe("redact()", () => {
  test("finds whatever the patterns find without its first looks", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(redact(text)).toEqual(redactSlowly(text));
      }),
      { numRuns: 3_000 },
    );
  });

  test("finds in words made of the letters of names and signs what the patterns find", () => {
    const unit = fc.constantFrom(
      ...NAMES,
      ...SIGNS,
      ...VALUES,
      "s",
      "K",
      "e",
      "Y",
      "\\",
      '"',
      "1",
      " ",
      "\n",
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 12 }), (text) => {
        expect(redact(text)).toEqual(redactSlowly(text));
      }),
      { numRuns: 5_000 },
    );
  });

  test.each(SECRETS)("finds %s without its first looks, too", (_name, text) => {
    expect(redact(text)).toEqual(redactSlowly(text));
  });
});

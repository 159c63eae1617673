import { describe, expect, it } from "vitest";
import { readSettings } from "../src/settings.ts";

describe("readSettings()", () => {
  it.each([
    ["short", "x".repeat(15)],
    ["too long", "x".repeat(513)],
    ["with blanks", "correct horse battery staple"],
    ["with other letters than ASCII", "pässwörter-sind-toll-1"],
    ["with a second that is short", `${"x".repeat(16)},short`],
  ])("refuses a secret that is %s, as none that the callback sends could match", (_what, secret) => {
    expect(() => readSettings({ SIGNALBOX_ADMIN_SECRET: secret })).toThrow(
      "SIGNALBOX_ADMIN_SECRET: expected 16 to 512 visible ASCII characters; commas part two values",
    );
  });

  it("takes two secrets that a comma parts", () => {
    const [one, two] = ["x".repeat(16), "!~".repeat(256)];
    expect(readSettings({ SIGNALBOX_SECRET: `${one}, ${two}` }).SIGNALBOX_SECRET).toEqual([one, two]);
  });
});

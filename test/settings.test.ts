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

  it.each(["pass/word", "pass#word", "pass?word", "a%2Fb:c/d"])(
    "refuses the password %s as it is, which would only be a database that never answers, and does not repeat it",
    (password) => {
      const read = () => readSettings({ DATABASE_URL: `postgres://app:${password}@db:5432/signalbox` });
      expect(read).toThrow(
        "DATABASE_URL: expected postgres://user:password@host:5432/database; in a password",
      );
      expect(read).not.toThrow(password);
    },
  );

  it.each([
    "postgres://app:p%2Fw%23@db:5432/signalbox",
    "postgresql://app:p@ss:word@db/signalbox?sslmode=verify-full",
    "postgres://app@/signalbox?host=/run/postgresql",
    "postgres://%2Frun%2Fpostgresql/signalbox",
    "postgres://[::1]:5432/signalbox",
    "postgres:///signalbox",
  ])("takes %s", (url) => {
    expect(readSettings({ DATABASE_URL: url }).DATABASE_URL).toBe(url);
  });
});

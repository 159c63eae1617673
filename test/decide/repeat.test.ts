import { describe, expect, it } from "vitest";
import { countRepeats } from "../../src/decide/repeat.ts";

const turn = (text: string, chars = text.length) => ({ text, chars });

describe("countRepeats()", () => {
  it("counts the asks in a row that are the newest one's equal", () => {
    expect(countRepeats([])).toBe(0);
    expect(countRepeats([turn("a")])).toBe(1);
    expect(countRepeats([turn("a"), turn("a"), turn("b"), turn("a")])).toBe(2);
  });

  it("knows a long ask again although the extract cut it shorter when it was older", () => {
    const text = Array.from({ length: 5_000 }, (_, i) => String.fromCharCode(97 + (i % 26))).join("");
    const cut = (of: string) => turn(`${of.slice(0, 600)}\n…\n${of.slice(-1_400)}`, of.length);
    expect(countRepeats([turn(text), cut(text), cut(text)])).toBe(3);
    expect(countRepeats([turn(text), cut(`${text.slice(0, -1)}!`)])).toBe(1);
    expect(countRepeats([turn(text), cut(`${text}a`)])).toBe(1);
    expect(countRepeats([turn(text), cut(`!${text.slice(1)}`)])).toBe(1);
    expect(countRepeats([cut(text), turn(text)])).toBe(2);
  });

  it("tells asks apart that were cut to the same ends but were of different lengths", () => {
    expect(countRepeats([turn("same … ends", 5_000), turn("same … ends", 5_001)])).toBe(1);
  });

  it("compares whole asks by every letter, and short pieces of cut ones by their outer quarters", () => {
    const ends = "a".repeat(400);
    expect(countRepeats([turn(`${ends}x${ends}`), turn(`${ends}y${ends}`)])).toBe(1);
    expect(countRepeats([turn("aaaaaaaa…1…bbbbbbbb", 900), turn("aaaaaaaa…2…bbbbbbbb", 900)])).toBe(2);
    expect(countRepeats([turn("aaaaaaaa…1…bbbbbbbb", 900), turn("caaaaaaa…1…bbbbbbbb", 900)])).toBe(1);
    const [short, long] = ["aaaaaaaa…1…bbbbbbbb", "aaaaaaaa…2…aaaaaaaaaaaabbbbbbbbbbbb…bbbbbbbb"];
    expect(countRepeats([turn(long, 900), turn(short, 900)])).toBe(2);
    expect(countRepeats([turn(short, 900), turn(long, 900)])).toBe(2);
  });
});

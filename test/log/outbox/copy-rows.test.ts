import { describe, expect, test } from "vitest";
import { batchOf } from "../../../src/log/outbox/batch.ts";
import { copyRows, UnusualRowError } from "../../../src/log/outbox/copy-rows.ts";

const { statement, parts } = copyRows("things", {
  id: "uuid",
  at: "time",
  text: "text",
  count: "int",
  share: "float",
  is_new: "boolean",
  list: "json",
  numbers: "reals",
  tags: "texts",
  last: "int",
});

const USUAL = {
  id: '"0193a0b4-6d55-4c11-9f3e-00000000000f"',
  at: '"2026-11-28T16:35:13.906Z"',
  text: '"a"',
  count: "1",
  share: "0.5",
  is_new: "true",
  list: "[]",
  numbers: '"{0,1.5}"',
  tags: "[]",
  last: "2",
} as const;

/** A line as the outbox has it, with one value written otherwise. */
function line(changes: Readonly<Partial<Record<keyof typeof USUAL | "more", string>>> = {}): string {
  const values = Object.entries({ ...USUAL, ...changes });
  return `{${values.map(([name, value]) => `"${name}":${value}`).join()}}`;
}

const batchOfLines = (lines: readonly string[]) => batchOf(lines.map((text) => Buffer.from(`${text}\n`)));

/** All that is sent of the lines. */
function sentOf(...lines: string[]): Buffer {
  return Buffer.concat(Array.from(parts(batchOfLines(lines)), (part) => Buffer.from(part)));
}

const HEAD = Buffer.from("5047434f50590aff0d0a000000000000000000", "hex");

/** Fields by row, as the documentation of COPY says that they are read. */
function rowsOf(sent: Buffer): (Buffer | null)[][] {
  expect(sent.subarray(0, HEAD.length)).toEqual(HEAD);
  const rows: (Buffer | null)[][] = [];
  let at = HEAD.length;
  const next = (bytes: number) => {
    at += bytes;
    return sent.subarray(at - bytes, at);
  };
  for (let count = next(2).readInt16BE(); count !== -1; count = next(2).readInt16BE()) {
    rows.push(
      Array.from({ length: count }, () => {
        const bytes = next(4).readInt32BE();
        return bytes === -1 ? null : next(bytes);
      }),
    );
  }
  expect(at).toBe(sent.length);
  return rows;
}

const NAMES = Object.keys(USUAL);

/** One field of a line between others. */
function fieldOf(name: keyof typeof USUAL, value: string): Buffer | null | undefined {
  const rows = rowsOf(sentOf(line(), line({ [name]: value }), line()));
  expect(rows[2]).toEqual(rows[0]);
  return rows[1]?.[NAMES.indexOf(name)];
}

describe("copyRows()", () => {
  test("names the columns", () => {
    expect(statement).toBe(
      'COPY things ("id", "at", "text", "count", "share", "is_new", "list", "numbers", "tags", "last") FROM STDIN (FORMAT binary)',
    );
  });

  test("gives the fields of a row as their types are sent", () => {
    expect(rowsOf(sentOf(line()))).toEqual([
      [
        Buffer.from("0193a0b46d554c119f3e00000000000f", "hex"),
        timestampOf("2026-11-28T16:35:13.906Z"),
        Buffer.from("a"),
        Buffer.from("00000001", "hex"),
        Buffer.from("3fe0000000000000", "hex"),
        Buffer.from("01", "hex"),
        Buffer.from("[]"),
        Buffer.from(
          "00000001" +
            "00000000" +
            "000002bc" +
            "00000002" +
            "00000001" +
            "00000004" +
            "00000000" +
            "00000004" +
            "3fc00000",
          "hex",
        ),
        Buffer.from("00000000" + "00000000" + "00000019", "hex"),
        Buffer.from("00000002", "hex"),
      ],
    ]);
  });

  test.each([
    ["nothing", ""],
    ["what is NULL to COPY", "\\N"],
    ["tabs, newlines and quotes", '\t\r\n"\b\f/'],
    ["backslashes before the end", 'a"\\'],
    ["colours of a terminal", "\u001b[31mred\u001b[0m"],
    ["hexadecimal digits behind a control character", "\u0001f00"],
    ["more than is looked at byte by byte", `${"long ".repeat(30)}"\\ end`],
    ["text beyond ASCII", "é 你好 😀 \u2028\u0085"],
  ])("takes %s in a text", (_name, given) => {
    expect(fieldOf("text", JSON.stringify(given))?.toString()).toBe(given);
  });

  test("leaves JSON as it is", () => {
    const list = JSON.stringify([{ tags: ['],"tags":', "\\", "\n\u001b"], last: [] }, 'é"']);
    expect(fieldOf("list", list)?.toString()).toBe(list);
  });

  test.each(["0", "7", "42", "-1", "2147483647", "-2147483648"])("takes %s as an integer", (number) => {
    expect(fieldOf("count", number)?.readInt32BE()).toBe(Number(number));
  });

  test.each(["0", "9", "10", "-1.5e-7", "1e+21", "0.022759999999999996", "5e-324", "-0"])(
    "takes %s as a float",
    (number) => {
      expect(fieldOf("share", number)?.readDoubleBE()).toBe(Number(number));
    },
  );

  test.each([
    "1969-12-31T23:59:59.999Z",
    "2000-01-01T00:00:00.000Z",
    "2024-02-29T12:00:00.001Z",
    "2255-06-05T23:47:34.740Z",
  ])("takes %s as a time", (time) => {
    expect(fieldOf("at", `"${time}"`)).toEqual(timestampOf(time));
  });

  test("takes numbers in single precision, zeros among them", () => {
    const numbers = [0, 0.001, -0.5, 1287, 0, 16_777_217.5, 99_999.999, -0, 0];
    const field = fieldOf(
      "numbers",
      `"{${numbers.map((value) => (Object.is(value, -0) ? "-0" : value)).join()}}"`,
    );
    expect(numbers.map((_, at) => field?.readFloatBE(24 + 8 * at))).toEqual(numbers.map(Math.fround));
  });

  test("makes an array of texts", () => {
    const tags = ["a,b", "{}", "", "NULL", '"\\'];
    const field = fieldOf("tags", JSON.stringify(tags));
    const head = [1, 0, 25, tags.length, 1];
    expect(head.map((_, at) => field?.readInt32BE(4 * at))).toEqual(head);
    const texts = tags.flatMap((tag) => [Buffer.from([0, 0, 0, tag.length]), Buffer.from(tag)]);
    expect(field?.subarray(20)).toEqual(Buffer.concat(texts));
  });

  test("takes null for any value", () => {
    const nulls = Object.fromEntries(NAMES.map((name) => [name, "null"]));
    expect(rowsOf(sentOf(line(nulls), line()))[0]).toEqual(NAMES.map(() => null));
  });

  test("makes parts that hold up nobody for long, of which two are good at a time", () => {
    const text = "x".repeat(1_000);
    const lines = Array.from({ length: 2_000 }, (_, at) =>
      line({ text: JSON.stringify(text), last: String(at) }),
    );
    const copies: Buffer[] = [];
    let before: { readonly part: Buffer; readonly copy: Buffer } | null = null;
    for (const part of parts(batchOfLines(lines))) {
      if (before !== null) expect(before.part.equals(before.copy)).toBe(true);
      before = { part, copy: Buffer.from(part) };
      copies.push(before.copy);
      expect(part.length).toBeLessThan(2 ** 18);
    }
    expect(copies.length).toBeGreaterThan(5);
    const rows = rowsOf(Buffer.concat(copies));
    expect(rows.map((row) => row.at(-1)?.readInt32BE())).toEqual(lines.map((_, at) => at));
    expect(rows.every((row) => row[2]?.toString() === text)).toBe(true);
  });

  test("takes a row that is longer than a part", () => {
    const text = `${"é\n".repeat(2 ** 18)}`;
    const rows = rowsOf(sentOf(line(), line({ text: JSON.stringify(text) }), line()));
    expect(rows[1]?.[2]?.toString()).toBe(text);
    expect(rows[2]).toEqual(rows[0]);
  });

  test("takes an array that grows by being taken", () => {
    const field = fieldOf("numbers", `"{${"0,".repeat(200_000)}1}"`);
    expect(field?.readInt32BE(12)).toBe(200_001);
    expect(field?.readFloatBE(field.length - 4)).toBe(1);
    expect(
      field?.subarray(20, -8).equals(Buffer.alloc(200_000 * 8, Buffer.from([0, 0, 0, 4, 0, 0, 0, 0]))),
    ).toBe(true);
  });

  test.each([
    ["a row with other columns", '{"id":1,"text":"a"}'],
    ["a column more", line({ more: "1" })],
    ["white space before a value", line({ text: ' "a"' })],
    ["white space behind one", line({ last: "2 " })],
    ["what is no number", line({ last: "NaN" })],
    ["no value", line({ count: "" })],
    ["an object", line({ list: "{}" })],
    ["a list for a value", line({ count: '[1,"2"]' })],
    ["a text for a number", line({ count: '"1"' })],
    ["a number for a text", line({ text: "1" })],
    ["a fraction for an integer", line({ count: "1.5" })],
    ["an integer that is too large", line({ count: "2147483648" })],
    ["an integer that is too small", line({ count: "-2147483649" })],
    ["a sign alone", line({ count: "-" })],
    ["a number that is too large", line({ share: "1e400" })],
    ["a number for a boolean", line({ is_new: "1" })],
    ["a UUID without hyphens", line({ id: '"0193a0b46d554c119f3e00000000000f0000"' })],
    ["a UUID with other letters", line({ id: '"0193a0b4-6d55-4c11-9f3e-00000000000g"' })],
    ["a UUID that is longer", line({ id: '"0193a0b4-6d55-4c11-9f3e-00000000000f0"' })],
    ["a time of another zone", line({ at: '"2026-11-28T16:35:13.906+01:00"' })],
    ["a time without milliseconds", line({ at: '"2026-11-28T16:35:13Z"' })],
    ["a day that is none", line({ at: '"2026-02-30T00:00:00.000Z"' })],
    ["an hour that is none", line({ at: '"2026-02-28T24:00:00.000Z"' })],
    ["a day of another century than numbers are exact for", line({ at: '"2286-01-01T00:00:00.000Z"' })],
    ["a minute that is none", line({ at: '"2026-02-28T23:60:00.000Z"' })],
    ["a second that is none", line({ at: '"2026-02-28T23:59:60.000Z"' })],
    ["a time that is none", line({ at: '"2026-02-28T0x:00:00.000Z"' })],
    ["NUL", line({ text: '"\\u0000"' })],
    ["a control character of two bytes", line({ text: '"\\u0080"' })],
    ["characters that need no escape", line({ text: '"\\u00e9"' })],
    ["an escape that JSON does not know", line({ text: '"\\N"' })],
    ["a text that does not end", line({ text: '"a' })],
    ["numbers that are none", line({ numbers: '"{}"' })],
    ["numbers with a word", line({ numbers: '"{0,NaN}"' })],
    ["numbers with NULL", line({ numbers: '"{NULL,0}"' })],
    ["numbers with an exponent", line({ numbers: '"{1e-7}"' })],
    ["numbers of more digits than are exact", line({ numbers: '"{0.1234567}"' })],
    ["numbers with a comma at the end", line({ numbers: '"{1,}"' })],
    ["numbers of two dimensions", line({ numbers: '"{{1},{2}}"' })],
    ["numbers without a brace at the end", line({ numbers: '"{1,2"' })],
    ["numbers as JSON", line({ numbers: "[1,2]" })],
    ["null in an array of texts", line({ tags: "[null]" })],
    ["an array of texts that does not end", line({ tags: '["a"' })],
    ["no JSON at all", "torn"],
  ])("leaves %s to others", (_name, odd) => {
    expect(() => sentOf(line(), odd, line())).toThrow(UnusualRowError);
    expect(() => sentOf(line(), odd)).toThrow(UnusualRowError);
    expect(rowsOf(sentOf(line()))).toHaveLength(1);
  });
});

/** Microseconds since 2000. */
function timestampOf(time: string): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(Date.parse(time) - Date.UTC(2000)) * 1_000n);
  return bytes;
}

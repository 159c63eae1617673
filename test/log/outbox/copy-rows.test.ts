import { describe, expect, test } from "vitest";
import { copyRows } from "../../../src/log/outbox/copy-rows.ts";

const KINDS = {
  id: "value",
  text: "value",
  list: "json",
  tags: "texts",
  last: "value",
} as const;
const { statement, textOf } = copyRows("things", KINDS);

/** A line as the outbox has it, with one value written otherwise. */
function line(changes: Readonly<Record<string, string>> = {}): string {
  const values = { id: "1", text: '"a"', list: "[]", tags: "[]", last: "2", ...changes };
  return `{${Object.entries(values)
    .map(([name, value]) => `"${name}":${value}`)
    .join()}}`;
}

async function textOfLines(...lines: string[]): Promise<string | null> {
  return (await textOf(Buffer.from(`[${lines.join()}]`)))?.toString() ?? null;
}

describe("copyRows()", () => {
  test("names the columns", () => {
    expect(statement).toBe('COPY things ("id", "text", "list", "tags", "last") FROM STDIN');
  });

  test("gives a line for each row", async () => {
    const second = line({ id: "-1.5e-7", text: "null", last: "true" });
    expect(await textOfLines(line(), second)).toBe("1\ta\t[]\t{}\t2\n-1.5e-7\t\\N\t[]\t{}\ttrue\n");
  });

  test.each([
    ["nothing", "", ""],
    ["what is NULL to COPY", "\\N", "\\\\N"],
    ["what ends COPY", "\\.", "\\\\."],
    ["tabs, newlines and quotes", '\t\r\n"\b\f/', '\\t\\r\\n\\"\\b\\f/'],
    ["backslashes before the end", 'a"\\', 'a\\"\\\\'],
    ["colours of a terminal", "\u001b[31mred\u001b[0m", "\\x1b[31mred\\x1b[0m"],
    ["hexadecimal digits behind a control character", "\u0001f00", "\\x01f00"],
    [
      "more than is looked at byte by byte",
      `${"long ".repeat(30)}"\\ end`,
      `${"long ".repeat(30)}\\"\\\\ end`,
    ],
    ["text beyond ASCII", "é 你好 😀 \u2028\u0085", "é 你好 😀 \u2028\u0085"],
  ])("takes %s in a text", async (_name, given, written) => {
    expect(await textOfLines(line({ text: JSON.stringify(given) }), line())).toBe(
      `1\t${written}\t[]\t{}\t2\n1\ta\t[]\t{}\t2\n`,
    );
  });

  test("leaves JSON as it is", async () => {
    const list = [{ tags: ['],"tags":', "\\", "\n\u001b"], last: [] }, 'é"'];
    const written = JSON.stringify(list).replaceAll("\\", "\\\\");
    expect(await textOfLines(line({ list: JSON.stringify(list) }))).toBe(`1\ta\t${written}\t{}\t2\n`);
  });

  test("lets others have their turn within many rows", async () => {
    const rows = Array.from({ length: 5_000 }, () => line({ text: JSON.stringify("x".repeat(100)) }));
    let turns = 0;
    const counting = setInterval(() => (turns += 1), 0);
    const text = await copyRows("things", KINDS).textOf(Buffer.from(`[${rows.join()}]`));
    clearInterval(counting);
    expect(text?.toString()).toBe(`1\t${"x".repeat(100)}\t[]\t{}\t2\n`.repeat(rows.length));
    expect(turns).toBeGreaterThan(0);
  });

  test("makes an array of texts", async () => {
    const written = '1\ta\t[]\t{"a,b","{}","","NULL"}\t2\n';
    expect(await textOfLines(line({ tags: '["a,b","{}","","NULL"]' }))).toBe(written);
  });

  test.each([
    ["a row with other columns", '{"id":1,"text":"a"}'],
    ["columns in another order", '{"text":"a","id":1,"list":[],"tags":[],"last":2}'],
    ["a column more", line({ more: "1" })],
    ["white space before a value", line({ text: ' "a"' })],
    ["white space behind one", line({ last: "2 " })],
    ["what is no number", line({ last: "NaN" })],
    ["no value", line({ id: "" })],
    ["an object", line({ list: "{}" })],
    ["a list for a value", line({ id: '[1,"2"]' })],
    ["escapes in an array of texts", line({ tags: '["\\\\"]' })],
    ["a control character of two bytes", line({ text: '"\\u0080"' })],
    ["characters that need no escape", line({ text: '"\\u00e9"' })],
    ["an escape that JSON does not know", line({ text: '"\\N"' })],
    ["a text that does not end", line({ text: '"a' })],
    ["escapes that take more room than the names of columns", line({ list: `["${"\\\\".repeat(100)}"]` })],
    ["no JSON at all", "torn"],
  ])("leaves %s to others", async (_name, odd) => {
    expect(await textOfLines(line(), odd, line())).toBeNull();
    expect(await textOfLines(line(), odd)).toBeNull();
    expect(await textOfLines(line())).toBe("1\ta\t[]\t{}\t2\n");
  });
});

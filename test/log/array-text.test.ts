import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ArrayText, toArrayText } from "../../src/log/array-text.ts";

function read(text: string): (number | null)[] {
  const elements = new ArrayText(text);
  const found: (number | null)[] = [];
  while (!elements.isAtEnd) found.push(elements.next());
  return found;
}

describe("ArrayText", () => {
  test("reads each form of a number that PostgreSQL writes", () => {
    const text = "{0,0.5,-2.25,NULL,-0,1e-45,3.4028235e+38,NaN,Infinity,-Infinity,16777216,0.1}";
    const numbers = [
      0,
      0.5,
      -2.25,
      null,
      -0,
      1e-45,
      3.4028235e38,
      Number.NaN,
      Infinity,
      -Infinity,
      16_777_216,
      0.1,
    ];
    expect(read(text)).toEqual(numbers);
  });

  test("reads each decimal as Number() does", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true }), { minLength: 1 }), (numbers) => {
        expect(
          read(`{${numbers.map((number) => (Object.is(number, -0) ? "-0" : String(number))).join(",")}}`),
        ).toEqual(numbers);
      }),
    );
  });

  test("reads more digits than are exact as Number() does", () => {
    const digits = "123456789012345678901234567890.12345678901234567890123456789";
    expect(read(`{${digits},0.00000000000000000000000000012}`)).toEqual([Number(digits), 1.2e-28]);
  });

  test.each(["{{1,2},{3,4}}", "[0:1]={1,2}", "{a}", "{0x}"])("refuses %s", (text) => {
    expect(() => read(text)).toThrow("Cannot read an array: found the element");
  });

  test("has room for no more elements than it says", () => {
    for (const text of ["{0}", "{0,0}", "{1.5,0,0}"]) {
      expect(read(text).length).toBeLessThanOrEqual(new ArrayText(text).maxCount);
    }
  });
});

describe("toArrayText()", () => {
  /** What each number is by the engine's own way to write it. */
  const written = (numbers: readonly number[]) =>
    `{${numbers.map((number) => String(Math.round(number * 1_000) / 1_000)).join(",")}}`;

  test("writes whole numbers and three decimals, without zeros at the end", () => {
    const numbers = [
      0, -0, 1, 9, 10, 99, 100, 4_095.5, 16_777_216, 0.001, 0.01, 0.1, 0.12, 0.123, 1.05, 7.0004,
    ];
    expect(toArrayText(numbers)).toBe("{0,0,1,9,10,99,100,4095.5,16777216,0.001,0.01,0.1,0.12,0.123,1.05,7}");
  });

  test("writes single precision without the digits that it adds", () => {
    expect(toArrayText(Float32Array.of(0.1, 0.657, 4_000.123))).toBe("{0.1,0.657,4000.123}");
  });

  test("writes an empty array, and numbers that are none of a feature's", () => {
    expect(toArrayText([])).toBe("{}");
    const odd = [Number.NaN, Infinity, -Infinity, -2.5, 2 ** 31, 2 ** 31 / 1_000, 1e300, Number.MAX_VALUE];
    expect(toArrayText(odd)).toBe(written(odd));
  });

  test("writes each number as the engine does", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.double(), fc.float(), fc.nat(3_000_000))), (numbers) => {
        expect(toArrayText(numbers)).toBe(written(numbers));
        expect(toArrayText(numbers.map((number) => number / 1_000))).toBe(
          written(numbers.map((number) => number / 1_000)),
        );
      }),
    );
  });

  test("writes more numbers than it has room for at first", () => {
    const many = Array.from({ length: 5_000 }, (_, at) => -at / 7);
    expect(toArrayText(many)).toBe(written(many));
  });
});

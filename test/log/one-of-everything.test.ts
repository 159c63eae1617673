import { expect, test } from "vitest";
import { ONE_OF_EVERYTHING } from "../../src/log/one-of-everything.ts";
import { REDACTION_PATTERNS } from "../../src/log/redact.ts";

test("ONE_OF_EVERYTHING has every pattern compiled but those that only other letters open", () => {
  const closed = REDACTION_PATTERNS.filter(({ hint }) => !hint.test(ONE_OF_EVERYTHING));
  expect(closed.map(({ mask }) => mask)).toEqual(["SECRET", "EMAIL"]);
});

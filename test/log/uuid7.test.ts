import { expect, test } from "vitest";
import { createUuid7 } from "../../src/log/uuid7.ts";

const UUID7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test("createUuid7() puts the time in the first 48 bits, and the version and variant in their places", () => {
  const newId = createUuid7({ now: () => 0x0123_4567_89ab, random: () => 0.999_999 });
  const id = newId();
  expect(id).toMatch(UUID7);
  expect(id.slice(0, 13)).toBe("01234567-89ab");
});

test("createUuid7() counts up within a millisecond, beyond the room of its sequence", () => {
  const newId = createUuid7({ now: () => 1_700_000_000_000, random: Math.random });
  const ids = Array.from({ length: 10_000 }, newId);
  expect(new Set(ids).size).toBe(10_000);
  expect(ids).toEqual([...ids].sort());
  for (const id of ids) expect(id).toMatch(UUID7);
});

test("createUuid7() goes on counting up when the clock goes back", () => {
  const times = [2_000, 1_000, 1_500, 2_001];
  const newId = createUuid7({ now: () => times.shift() ?? 0, random: () => 0 });
  const ids = [newId(), newId(), newId(), newId()];
  expect(ids).toEqual([...ids].sort());
  expect(new Set(ids).size).toBe(4);
});

test("createUuid7() takes the time of a clock that went back by more than a minute", () => {
  const times = [3_600_000_000, 1_000_000, 1_000_000, 1_000_001];
  const newId = createUuid7({ now: () => times.shift() ?? 0, random: () => 0 });
  const [wrong, ...right] = [newId(), newId(), newId(), newId()];
  expect(wrong?.slice(0, 13)).toBe("0000d693-a400");
  expect(right.map((id) => id.slice(0, 13))).toEqual(["0000000f-4240", "0000000f-4240", "0000000f-4241"]);
  expect(right).toEqual([...new Set(right)].sort());
});

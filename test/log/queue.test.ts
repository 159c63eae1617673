import { expect, test } from "vitest";
import { BoundedQueue } from "../../src/log/queue.ts";

const wide = { maxEntries: 1_000, maxBytes: 1_000_000 };

test("BoundedQueue gives back what it took, in order", () => {
  const queue = new BoundedQueue<number>(wide);
  const seen: number[] = [];
  for (let value = 0; value < 500; value += 1) {
    queue.push(value, 1);
    if (value % 3 === 2) {
      seen.push(...queue.peek(2, 100));
      queue.drop(2);
    }
  }
  while (queue.size > 0) {
    seen.push(...queue.peek(7, 100));
    queue.drop(7);
  }
  expect(seen).toEqual(Array.from({ length: 500 }, (_, value) => value));
});

test("BoundedQueue refuses more entries than its bound, and takes them again once some have left", () => {
  const queue = new BoundedQueue<string>({ ...wide, maxEntries: 2 });
  expect([queue.push("a", 1), queue.push("b", 1), queue.push("c", 1)]).toEqual([true, true, false]);
  queue.drop(1);
  expect(queue.push("d", 1)).toBe(true);
  expect(queue.peek(10, 100)).toEqual(["b", "d"]);
});

test("BoundedQueue refuses more bytes than its bound, and counts them down again", () => {
  const queue = new BoundedQueue<string>({ ...wide, maxBytes: 100 });
  expect([queue.push("a", 60), queue.push("b", 60), queue.push("c", 40)]).toEqual([true, false, true]);
  queue.drop(2);
  expect(queue.push("d", 100)).toBe(true);
});

test("peek() stops before too many bytes, but always gives one value", () => {
  const queue = new BoundedQueue<string>(wide);
  for (const value of ["a", "b", "c"]) queue.push(value, 50);
  expect(queue.peek(10, 100)).toEqual(["a", "b"]);
  expect(queue.peek(10, 10)).toEqual(["a"]);
});

import { expect, test } from "vitest";
import { forgetRecent, rememberRecent } from "../../src/request/recent.ts";

test("what was found for an object is found once while it is among the last 64", () => {
  const asked: number[] = [];
  const lengthOf = rememberRecent(({ id }: { readonly id: number }, factor: number) => {
    asked.push(id);
    return id * factor;
  });
  const objects = Array.from({ length: 65 }, (_, id) => ({ id }));
  const [first = { id: -1 }, second = { id: -1 }] = objects;

  for (const object of objects.slice(0, 64)) lengthOf(object, 2);
  expect(lengthOf(first, 2)).toBe(0);
  expect(lengthOf(second, 2)).toBe(2);
  expect(asked).toHaveLength(64);

  for (const object of objects.slice(64)) lengthOf(object, 2);
  expect(lengthOf(second, 2)).toBe(2);
  expect(asked).toHaveLength(65);
  expect(lengthOf(first, 2)).toBe(0);
  expect(asked).toHaveLength(66);
});

test("fewer are remembered where fewer are wanted", () => {
  let found = 0;
  const find = rememberRecent((_: object) => ++found, 2);
  const [first, second, third] = [{}, {}, {}];
  for (const object of [first, second, first, third, first]) find(object);
  expect(found).toBe(4);
});

test("an equal object is another one", () => {
  const find = rememberRecent((object: { readonly id: number }) => ({ object }));
  const one = { id: 1 };
  expect(find(one).object).toBe(one);
  expect(find({ id: 1 }).object).not.toBe(one);
});

test("nothing is remembered once all is forgotten", () => {
  let found = 0;
  const find = rememberRecent((_: object) => ++found, 4);
  const [first, second, third] = [{}, {}, {}];
  for (const object of [first, second, first]) find(object);
  forgetRecent();
  for (const object of [second, third, second, first]) find(object);
  expect(found).toBe(5);
});

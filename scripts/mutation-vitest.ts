/** What `npm run test:mutation` gives its tests for vitest: it collects them, to be run again for each mutant. */
import { expect } from "vitest";

type Body = (...args: readonly unknown[]) => void | Promise<void>;

/** A test that was declared, with the suites that it is in. */
export interface CollectedTest {
  readonly id: string;
  readonly file: string;
  readonly run: () => void | Promise<void>;
}

const collected: CollectedTest[] = [];
let suites: readonly string[] = [];

/** All that was declared since the last call, as the tests of a file. */
export function takeTests(file: string): CollectedTest[] {
  return collected.splice(0).map((test, index) => ({ ...test, file, id: `${file} ${index}: ${test.id}` }));
}

function declareSuite(name: string, body: () => void): void {
  const outer = suites;
  suites = [...outer, name];
  body();
  suites = outer;
}

function declareTest(name: string, body: Body): void {
  collected.push({ id: [...suites, name].join(" > "), file: "", run: () => body() });
}

/** As vitest hands them over: the elements of a row, or the row itself where it is none. */
function eachOf(declare: (name: string, body: () => void | Promise<void>) => void) {
  return (rows: readonly unknown[]) => (name: string, body: Body) => {
    for (const row of rows) {
      const args: readonly unknown[] = Array.isArray(row) ? row : [row];
      declare(name, () => body(...args));
    }
  };
}

const describe = Object.assign(declareSuite, { each: eachOf(declareSuite) });
const it = Object.assign(declareTest, { each: eachOf(declareTest) });

export { describe, expect, it, it as test };

/**
 * Runs the tests of `npm run test:mutation` in one process that loads them once: a mutant is a global number, so that
 * it takes milliseconds where vitest, which imports everything anew for each, takes seconds.
 */
import { readdirSync } from "node:fs";
import { registerHooks } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type CollectedTest, takeTests } from "./mutation-vitest.ts";

const FOLDER = join("test", "decide");
/** Thousands of random requests, or Python, for each mutant: one that survives would take half a minute. */
const LEFT_OUT = /\.property\.test\.ts$|^agent-transcripts\.test\.ts$/;
const TESTS = /\.(?:test|mutation)\.ts$/;

/** What the mutated code reads and counts in. */
interface Namespace {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
  mutantCoverage?: unknown;
}

declare global {
  var __stryker__: Namespace | undefined;
}

interface MutantRun {
  readonly testFilter?: readonly string[];
  readonly hitLimit?: number;
  readonly mutantActivation: "runtime" | "static";
  readonly activeMutant: { readonly id: string };
}

class InProcessRunner {
  readonly #namespace: Namespace;
  #tests: readonly CollectedTest[] = [];
  /** Milliseconds of each test, by id: the fastest are asked first. */
  readonly #times = new Map<string, number>();

  constructor() {
    globalThis.__stryker__ ??= {};
    this.#namespace = globalThis.__stryker__;
  }

  capabilities() {
    return { reloadEnvironment: false };
  }

  /** Loads the tests, once. The working directory is the copy of the project that holds the mutants. */
  async #load(): Promise<void> {
    if (this.#tests.length > 0) return;
    const root = process.cwd();
    redirectImports(root);
    const tests: CollectedTest[] = [];
    for (const name of readdirSync(join(root, FOLDER)).sort()) {
      if (!TESTS.test(name) || LEFT_OUT.test(name)) continue;
      await import(pathToFileURL(join(root, FOLDER, name)).href);
      tests.push(...takeTests(join(FOLDER, name)));
    }
    this.#tests = tests;
  }

  async dryRun() {
    await this.#load();
    const results = [];
    for (const test of this.#tests) {
      this.#namespace.currentTestId = test.id;
      results.push(await this.#run(test));
    }
    this.#namespace.currentTestId = undefined;
    return { status: "complete", tests: results, mutantCoverage: this.#namespace.mutantCoverage };
  }

  async mutantRun(run: MutantRun) {
    return run.mutantActivation === "static" ? await this.#runStatic(run) : await this.#runAmongOthers(run);
  }

  /** A mutant of what runs at import has a process to itself, and is there from the beginning. */
  async #runStatic({ activeMutant }: MutantRun) {
    this.#namespace.activeMutant = activeMutant.id;
    const failureMessage = await failureOf(() => this.#load());
    if (failureMessage === undefined) return await this.#runUntilFailure(this.#tests);
    return { status: "killed", killedBy: [], failureMessage, nrOfTests: 0 };
  }

  async #runAmongOthers({ activeMutant, testFilter, hitLimit }: MutantRun) {
    await this.#load();
    Object.assign(this.#namespace, { activeMutant: activeMutant.id, hitCount: 0, hitLimit });
    const wanted = new Set(testFilter ?? this.#tests.map(({ id }) => id));
    const tests = this.#tests.filter(({ id }) => wanted.has(id));
    const timeOf = ({ id }: CollectedTest) => this.#times.get(id) ?? 0;
    const result = await this.#runUntilFailure(tests.toSorted((a, b) => timeOf(a) - timeOf(b)));
    const { hitCount = 0 } = this.#namespace;
    Object.assign(this.#namespace, { activeMutant: undefined, hitCount: undefined });
    for (const id of result.killedBy ?? []) await this.#expectUnhurt(id, activeMutant.id);
    return hitLimit !== undefined && hitCount > hitLimit ? { status: "timeout" } : result;
  }

  /** A mutant that left something behind in this process would seem to be killed, and so would those after it. */
  async #expectUnhurt(id: string, mutant: string): Promise<void> {
    const test = this.#tests.find((one) => one.id === id);
    const failure = test && (await failureOf(test.run));
    if (failure !== undefined)
      throw new Error(`Cannot go on: mutant ${mutant} still fails "${id}": ${failure}`);
  }

  async #runUntilFailure(tests: readonly CollectedTest[]) {
    for (const [index, test] of tests.entries()) {
      const { id, failureMessage } = await this.#run(test);
      if (failureMessage === undefined) continue;
      return { status: "killed", killedBy: [id], failureMessage, nrOfTests: index + 1 };
    }
    return { status: "survived", nrOfTests: tests.length };
  }

  async #run({ id, file, run }: CollectedTest) {
    const started = performance.now();
    const failureMessage = await failureOf(run);
    const timeSpentMs = performance.now() - started;
    this.#times.set(id, Math.min(timeSpentMs, this.#times.get(id) ?? timeSpentMs));
    const shared = { id, name: id, fileName: file, timeSpentMs };
    return failureMessage === undefined
      ? { ...shared, status: 0, failureMessage }
      : { ...shared, status: 1, failureMessage };
  }
}

async function failureOf(run: CollectedTest["run"]): Promise<string | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** A module without memory: what is remembered for a request of one mutant must not be found by the next one. */
const withoutMemory = (url: string) =>
  `export * from "${url}?as-it-is"; export function rememberRecent(find) { return find; }`;

function redirectImports(root: string): void {
  const vitest = new URL("mutation-vitest.ts", import.meta.url).href;
  const recent = pathToFileURL(join(root, "src", "request", "recent.ts")).href;
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === "vitest" && context.parentURL !== vitest
        ? { url: vitest, shortCircuit: true }
        : next(specifier, context),
    load: (url, context, next) =>
      url === recent
        ? { format: "module", source: withoutMemory(recent), shortCircuit: true }
        : next(url, context),
  });
}

export const strykerPlugins = [{ kind: "TestRunner", name: "in-process", injectableClass: InProcessRunner }];

import { firstProblems } from "./first-problems.ts";
import type { Problem } from "./policy.ts";
import { describe, lineAt, nodeAt, type Path, quote, type SourceNode, textOf } from "./source.ts";
import { didYouMean } from "./suggest.ts";

/** Suggestions cost time with each name: a file of thousands of typos must load in time. */
const MAX_SUGGESTIONS = 100;

/** Collects the problems of one file, so that all of them are told at once. */
export class Report {
  readonly #file: string;
  readonly #root: SourceNode | null;
  readonly #problems: Problem[] = [];
  /** Paths that have an error already: what follows from it is not worth a second one. */
  readonly #settled = new Set<string>();

  #suggestions = 0;

  /** `root` is null where the file could not be read as YAML. */
  constructor(file: string, root: SourceNode | null) {
    this.#file = file;
    this.#root = root;
  }

  /** Adds an error, unless its path has one. */
  error(path: Path, message: string, line = this.#lineOf(path)): void {
    const key = JSON.stringify(path);
    if (path.length > 0 && this.#settled.has(key)) return;
    this.#settled.add(key);
    this.#add("error", path, { message, line });
  }

  /** Adds an error about the value at a path: "found …, expected …". */
  unexpected(path: Path, expected: string): void {
    this.error(path, `found ${this.found(path)}, expected ${expected}`);
  }

  /** What was probably meant, as the end of a message; "" where nothing is close. */
  suggest(word: string, candidates: Iterable<string>): string {
    if (this.#suggestions >= MAX_SUGGESTIONS) return "";
    this.#suggestions++;
    return didYouMean(word, candidates);
  }

  warn(path: Path, message: string): void {
    this.#add("warning", path, { message, line: this.#lineOf(path) });
  }

  /** The value at a path in words, as it is written in the file. */
  found(path: Path): string {
    const node = this.#root === null ? undefined : nodeAt(this.#root, path);
    return isPrivate(path, textOf(node)) ? "another text" : describe(node);
  }

  /** The text at a path as it is written in the file, null where there is none. */
  textAt(path: Path): string | null {
    return this.#root === null ? null : textOf(nodeAt(this.#root, path));
  }

  /** Errors in the order of the file. */
  get errors(): readonly Problem[] {
    return this.#ofSeverity("error");
  }

  /** The first warnings in the order of the file, and how many more there are. */
  get warnings(): readonly Problem[] {
    return firstProblems(this.#ofSeverity("warning"));
  }

  #ofSeverity(severity: Problem["severity"]): readonly Problem[] {
    return this.#problems
      .filter((problem) => problem.severity === severity)
      .sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  }

  #lineOf(path: Path): number | null {
    return this.#root === null ? null : lineAt(this.#root, path);
  }

  #add(severity: Problem["severity"], path: Path, about: Pick<Problem, "message" | "line">): void {
    this.#problems.push({ severity, file: this.#file, path: formatPath(path), ...about });
  }
}

/**
 * A URL may carry a password, also one that is not written as a URL should be, and a slip of the indentation may
 * put a key of model_list into `routing`.
 */
function isPrivate(path: Path, text: string | null): boolean {
  if (text === null || text.startsWith("os.environ/")) return false;
  return text.startsWith("sk-") || /^api_base$|(^|_)(key|secret|password|token)$/i.test(String(path.at(-1)));
}

/** `routing.tiers.simple.models[0]`; keys that are no plain words are quoted: `routing.aliases["gpt-4.1"]`. */
export function formatPath(path: Path): string {
  return path.map(formatStep).join("").replace(/^\./, "");
}

function formatStep(step: string | number): string {
  if (typeof step === "number") return `[${step}]`;
  return /^[\w-]{1,60}$/.test(step) ? `.${step}` : `[${quote(step)}]`;
}

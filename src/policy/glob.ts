import { Minimatch } from "minimatch";
import { type ClassToken, type GlobToken, type Range, tokenizeGlob } from "./glob-tokens.ts";
import type { Glob } from "./policy.ts";

/** Longest pattern in UTF-16 code units: no model name comes near it, and matching stays cheap. */
export const MAX_PATTERN_CHARS = 256;

/**
 * Compiles a glob with the meaning of Python's `fnmatch.fnmatchcase`: it matches the whole name, `*` takes
 * any characters (`/` too), `?` one, `[a-c]` and `[!a-c]` one of a set; a backslash is an ordinary character.
 *
 * @throws {RangeError} if the pattern is longer than `MAX_PATTERN_CHARS`.
 */
export function compileGlob(pattern: string): Glob {
  return compile(pattern, tokenizeGlob);
}

/**
 * Compiles a wildcard name of LiteLLM's own, `openai/*` for one: only `*` has a meaning in it.
 *
 * @throws {RangeError} if the name is longer than `MAX_PATTERN_CHARS`.
 */
export function compileWildcard(name: string): Glob {
  return compile(name, (text) =>
    Array.from(text, (char): GlobToken => (char === "*" ? { kind: "star" } : { kind: "literal", char })),
  );
}

/** Without these minimatch would give braces, `!`, `#`, extended globs and leading dots a meaning of their own. */
const OPTIONS = {
  dot: true,
  noext: true,
  nobrace: true,
  nocomment: true,
  nonegate: true,
  platform: "linux",
} as const;

/** Stands for `/`, which minimatch would take for a path separator. A noncharacter: it is in no model name. */
const SLASH = "\uffff";

/** A noncharacter that is in no name and no pattern. */
const UNUSED = "\ufffe";

/** Put before pattern and name: minimatch treats empty names, "." and ".." as paths. */
const PREFIX = "=";

function compile(source: string, tokenize: (text: string) => readonly GlobToken[]): Glob {
  if (source.length > MAX_PATTERN_CHARS) {
    throw new RangeError(
      `Cannot compile a pattern of ${source.length} characters, expected at most ${MAX_PATTERN_CHARS}`,
    );
  }
  const tokens = tokenize(source);
  // A class without a character in it, `[z-a]`, can match nothing.
  const impossible = tokens.some((token) => token.kind === "class" && isEmpty(token) && !token.negated);
  const matcher = new Minimatch(PREFIX + tokens.map(translate).join(""), OPTIONS);
  return Object.freeze({
    source,
    matches: (name: string) => !impossible && matcher.match(PREFIX + name.replaceAll("/", SLASH)),
  });
}

const isEmpty = (token: ClassToken) => token.ranges.length === 0;

function translate(token: GlobToken, index: number, all: readonly GlobToken[]): string {
  switch (token.kind) {
    case "star":
      // A second star adds nothing, and minimatch gives `**` a meaning.
      return all[index - 1]?.kind === "star" ? "" : "*";
    case "any":
      return "?";
    case "literal":
      return quote(token.char);
    case "class":
      return isEmpty(token) ? "?" : translateClass(token);
    default:
      return token satisfies never;
  }
}

function translateClass(token: ClassToken): string {
  const items = token.ranges.flatMap(withoutSlash).map(([low, high]) => `${quote(low)}-${quote(high)}`);
  // minimatch reads a first `^` as `!` even behind a backslash, so something else comes first.
  return `[${token.negated ? "!" : ""}${UNUSED}${items.join("")}]`;
}

/** The same characters with `/` taken out of the bounds and its stand-in added. */
function withoutSlash([low, high]: Range): readonly Range[] {
  if (low > "/" || high < "/") return [[low, high]];
  const around: readonly Range[] = [
    [low, "."],
    ["0", high],
  ];
  return [[SLASH, SLASH], ...around.filter(([from, to]) => from <= to)];
}

/** A letter or digit needs no backslash, and minimatch may read one before it as a class name. */
function quote(char: string): string {
  if (char === "/") return SLASH;
  return /^[!-.:-@[-`{-~]$/.test(char) ? `\\${char}` : char;
}

import {
  type ErrorCode,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Pair,
  Parser,
  parseDocument,
  type YAMLMap,
} from "yaml";
import { Report } from "./report.ts";
import { findSlips, type Slip, WRONG_COLUMN } from "./slips.ts";
import type { Path, SourceNode } from "./source.ts";

/** Largest gateway.yaml in bytes: thousands of models fit, and parsing stays a matter of seconds. */
export const MAX_FILE_BYTES = 1024 * 1024;

/** Deepest nesting of mappings and lists. LiteLLM's own sections need about ten. */
const MAX_DEPTH = 64;

/** Most tokens of a file. Thousands of models at the size cap have 360,000; each may cost an error of its own. */
const MAX_TOKENS = 400_000;

/** More syntax errors than this are not told: they follow from the first ones. */
const MAX_SYNTAX_ERRORS = 20;

/** What the text holds: a tree where it is YAML, and what is wrong with it. */
export interface Reading {
  readonly root: SourceNode | null;
  readonly report: Report;
}

/** Reads YAML into a tree that knows its lines. Total: never throws. No anchors, aliases, tags, duplicate keys. */
export function readYaml(text: string, file: string): Reading {
  const unreadable = new Report(file, null);
  if (text.length > MAX_FILE_BYTES || Buffer.byteLength(text) > MAX_FILE_BYTES) {
    unreadable.error([], tooLarge(Buffer.byteLength(text)), null);
    return { root: null, report: unreadable };
  }
  const excess = findExcess(text);
  if (excess !== null) {
    unreadable.error([], `found more than ${excess.what}, expected fewer`, excess.line);
    return { root: null, report: unreadable };
  }
  return compose(text, file, unreadable);
}

/** Message for a file above the cap. */
export function tooLarge(bytes: number): string {
  return `found ${bytes} bytes, expected at most ${MAX_FILE_BYTES}`;
}

/** The library composes nodes recursively and all errors at once, so its flat stream of tokens is looked at before. */
function findExcess(text: string): { readonly what: string; readonly line: number } | null {
  const parser = new Parser();
  let line = 1;
  let tokens = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const _ of parser.next(lexeme));
    // One entry more is the document, another the value in the making.
    if (parser.stack.length > MAX_DEPTH + 2) return { what: `${MAX_DEPTH} levels of nesting`, line };
    tokens += 1;
    if (tokens > MAX_TOKENS) return { what: `${MAX_TOKENS} tokens of YAML`, line };
    line += lexeme.split("\n").length - 1;
  }
  return null;
}

function compose(text: string, file: string, unreadable: Report): Reading {
  const lineCounter = new LineCounter();
  // The library's own check of duplicates is quadratic: 50,000 keys take half a minute. Ours is in `Walk`.
  const document = parseDocument(text, {
    lineCounter,
    prettyErrors: false,
    uniqueKeys: false,
    // "silent" would also keep quiet of a second document.
    logLevel: "error",
  });
  const lineOf = (offset: number) => Math.max(1, lineCounter.linePos(offset).line);
  // Not the library's own messages: they quote the file, and with it keys and passwords.
  const errors = [...document.errors, ...document.warnings].map(({ code, pos }) => ({
    line: lineOf(pos[0]),
    message: SYNTAX[code],
  }));
  for (const { line, message } of worthTelling(errors, text)) unreadable.error([], message, line);
  if (unreadable.errors.length > 0) return { root: null, report: unreadable };
  const walk = new Walk(lineOf);
  const root = walk.read(document.contents, { path: [], line: 1 });
  const report = new Report(file, root);
  for (const { path, message, line } of walk.found) report.error(path, message, line);
  return { root, report };
}

/**
 * One slip of the indentation misplaces each key below it, and one character makes an error with each token of its
 * line: the first of each is told, and instead of them what the slip was, where that is known.
 */
function worthTelling(errors: readonly Slip[], text: string): readonly Slip[] {
  const [first] = errors.toSorted((a, b) => a.line - b.line);
  if (first === undefined) return [];
  const slips = findSlips(text, first.line);
  const tabs = errors.filter(({ message }) => message === SYNTAX.TAB_AS_INDENT);
  // What follows a tab has no column: of the rest nothing is known.
  if (tabs.length > 0) return [...slips, ...tabs].slice(0, MAX_SYNTAX_ERRORS);
  const isTold = slips.length > 0;
  const firstMisplaced = errors.find(isMisplaced);
  const own = errors.slice(0, MAX_SYNTAX_ERRORS).filter((error, index) => {
    if (slips.some(({ line }) => line === error.line)) return false;
    return isMisplaced(error) ? !isTold && error === firstMisplaced : isNew(error, errors.slice(0, index));
  });
  return [...slips.slice(0, MAX_SYNTAX_ERRORS), ...own];
}

function isMisplaced({ message }: Slip): boolean {
  return [SYNTAX.BAD_INDENT, SYNTAX.BLOCK_AS_IMPLICIT_KEY, SYNTAX.MULTILINE_IMPLICIT_KEY].includes(message);
}

function isNew({ line, message }: Slip, before: readonly Slip[]): boolean {
  return !before.some((error) => error.line === line && error.message === message);
}

interface Place {
  readonly path: Path;
  readonly line: number;
}

/** Turns the library's nodes into ours and notes what gateway.yaml does not take. */
class Walk {
  readonly found: (Place & { readonly message: string })[] = [];
  readonly #lineOf: (offset: number) => number;

  constructor(lineOf: (offset: number) => number) {
    this.#lineOf = lineOf;
  }

  read(node: unknown, place: Place): SourceNode {
    this.#refuseReferences(node, place);
    if (isMap(node))
      return { kind: "mapping", line: place.line, entries: this.#readEntries(node, place.path) };
    if (isSeq(node)) {
      const items = node.items.map((item, index) =>
        this.read(item, { path: [...place.path, index], line: this.#lineOfNode(item) ?? place.line }),
      );
      return { kind: "list", line: place.line, items };
    }
    return { kind: "scalar", line: place.line, value: isScalar(node) ? readScalar(node.value) : null };
  }

  #readEntries(map: YAMLMap, path: Path): ReadonlyMap<string, SourceNode> {
    const entries = new Map<string, SourceNode>();
    for (const pair of map.items) {
      const line = this.#lineOfNode(pair.key) ?? 1;
      const key = this.#readKey(pair, { path, line });
      if (key === null) continue;
      if (entries.has(key)) this.#refuseDuplicate(key, { path, line });
      else entries.set(key, this.read(pair.value, { path: [...path, key], line }));
    }
    return entries;
  }

  #readKey({ key }: Pair, place: Place): string | null {
    this.#refuseReferences(key, place);
    const value = isScalar(key) ? key.value : key;
    if (typeof value === "string" && value !== "__proto__") return value;
    // What LiteLLM makes of its own settings is not ours to judge.
    if (place.path[0] !== "model_list") {
      this.#note(place, `found a key that is ${describeKey(value)}, expected text (in quotes where needed)`);
    }
    return null;
  }

  #refuseDuplicate(key: string, { path, line }: Place): void {
    this.#note({ path: [...path, key], line }, "found the same key twice, expected it once");
  }

  #refuseReferences(node: unknown, place: Place): void {
    if (!isNode(node)) return;
    if (isAlias(node)) this.#note(place, `found a YAML alias (*), ${WRITTEN_OUT}`);
    else if (node.anchor) this.#note(place, `found a YAML anchor (&), ${WRITTEN_OUT}`);
    else if (node.tag && !CORE_TAGS.has(node.tag)) {
      this.#note(place, "found a YAML tag (!), expected a plain value");
    }
  }

  #note({ path, line }: Place, message: string): void {
    // A key under litellm_params may be a slip that holds a secret: the line is enough.
    const secretFrom = path[0] === "model_list" ? path.indexOf("litellm_params") : -1;
    this.found.push({ path: secretFrom < 0 ? path : path.slice(0, secretFrom + 1), line, message });
  }

  #lineOfNode(node: unknown): number | null {
    return isNode(node) && node.range ? this.#lineOf(node.range[0]) : null;
  }
}

const WRITTEN_OUT = "expected the value written out: gateway.yaml takes no anchors and no aliases";

const CORE_TAGS = new Set(
  ["map", "seq", "str", "null", "bool", "int", "float"].map((name) => `tag:yaml.org,2002:${name}`),
);

function readScalar(value: unknown): string | number | boolean | null {
  if (typeof value === "number" || typeof value === "boolean" || value === null) return value;
  return String(value);
}

function describeKey(value: unknown): string {
  if (value === "__proto__") return '"__proto__"';
  if (value === null) return "empty";
  return typeof value === "number" || typeof value === "boolean" ? `a ${typeof value}` : "no text";
}

/** What each syntax error means, without a word of the file. */
const SYNTAX: Readonly<Record<ErrorCode, string>> = {
  ALIAS_PROPS: "found an alias with an anchor or a tag, expected neither",
  BAD_ALIAS: "found a YAML alias or anchor without a name, expected neither",
  BAD_COLLECTION_TYPE: "found a tag that does not fit its value, expected no tag",
  BAD_DIRECTIVE: "found a % directive that YAML does not know, expected none",
  BAD_DQ_ESCAPE: 'found an unknown backslash escape in "…", expected a doubled backslash or single quotes',
  BAD_INDENT: WRONG_COLUMN,
  BAD_PROP_ORDER: "found an anchor or a tag in the wrong place, expected none",
  BAD_SCALAR_START: "found a value that starts with a reserved character, expected quotes around it",
  BLOCK_AS_IMPLICIT_KEY:
    "found a second `key:` within a value, expected a line of its own in the column of its neighbours, or quotes",
  BLOCK_IN_FLOW: "found an indented list or mapping within brackets, expected [a, b] or {a: b}",
  DUPLICATE_KEY: "found the same key twice, expected it once",
  IMPOSSIBLE: "found something that is not YAML, expected a mapping",
  KEY_OVER_1024_CHARS: "found a key of more than 1024 characters, expected a shorter one",
  MISSING_CHAR:
    "found a value that is not closed or separated, expected a bracket, quote, comma or space here",
  MULTILINE_IMPLICIT_KEY: "found a key that runs over two lines, expected `key:` in one line",
  MULTIPLE_ANCHORS: "found two anchors, expected none",
  MULTIPLE_DOCS: "found a second YAML document (---), expected one",
  MULTIPLE_TAGS: "found two tags, expected none",
  NON_STRING_KEY: "found a key that is not text, expected text (in quotes where needed)",
  RESOURCE_EXHAUSTION: `found more than ${MAX_DEPTH} levels of nesting, expected fewer`,
  TAB_AS_INDENT: "found a tab as indentation, expected spaces",
  TAG_RESOLVE_FAILED: "found a YAML tag (!), expected a plain value",
  UNEXPECTED_TOKEN: "found a character that does not belong here, expected `key: value` or `- entry`",
};

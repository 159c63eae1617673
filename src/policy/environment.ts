import type { Report } from "./report.ts";
import { formatPath } from "./report.ts";
import type { Path, SourceNode } from "./source.ts";

/** Variables by name, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What runs only where its URL is set. */
export type Optional = "routing.classifier.llm" | "routing.collector.embedding";

/** A section with its variables filled in. */
export interface Resolved {
  readonly node: SourceNode;
  /** What was switched off because the variable of its URL is not set. */
  readonly off: ReadonlySet<Optional>;
}

const PREFIX = "os.environ/";

/** Open the service and its log: whoever may change the policy would have them sent to a server of their choice. */
const OWN_SECRETS: ReadonlySet<string> = new Set([
  "DATABASE_URL",
  "PGPASSWORD",
  "SIGNALBOX_SECRET",
  "SIGNALBOX_FEEDBACK_SECRET",
  "SIGNALBOX_ADMIN_SECRET",
]);

/** What each optional part is called in its warning. */
const OPTIONAL: Readonly<Record<Optional, string>> = {
  "routing.classifier.llm": "the LLM classifier is switched off",
  "routing.collector.embedding": "embeddings are switched off",
};

/** Stands in for a URL that is not set, so that the rest of its section is still checked. */
const NO_URL = "http://switched-off.invalid";

/** Replaces each text `os.environ/VAR` by the variable. An empty variable counts as not set, and needs no value in a part that is off. */
export function resolveEnvironment(
  node: SourceNode,
  options: { readonly path: Path; readonly env: Environment; readonly report: Report },
): Resolved {
  const { env, report } = options;
  const off = new Set<Optional>();
  const unset: { readonly name: string; readonly path: Path }[] = [];
  const resolveText = (text: string, path: Path): string => {
    const name = text.slice(PREFIX.length);
    if (OWN_SECRETS.has(name)) {
      report.unexpected(path, "a variable that is no secret of Signalbox's own");
      return text;
    }
    const value = Object.hasOwn(env, name) ? env[name] : undefined;
    if (value !== undefined && value !== "") return value;
    const optional = optionalOf(path);
    if (optional === null) {
      unset.push({ name, path });
      return text;
    }
    off.add(optional);
    report.warn(path, `found ${report.found(path)}, which is not set: ${OPTIONAL[optional]}`);
    return NO_URL;
  };
  const resolved = mapTexts(node, options.path, resolveText);
  for (const { name, path } of unset) {
    const section = sectionOf(path);
    if (name !== "" && section !== null && off.has(section)) continue;
    report.unexpected(
      path,
      name === "" ? "the name of a variable behind it" : `the variable ${name} to be set`,
    );
  }
  return { node: resolved, off };
}

function optionalOf(path: Path): Optional | null {
  return path.at(-1) === "api_base" ? sectionOf(path) : null;
}

/** The optional part whose key a path names. */
function sectionOf(path: Path): Optional | null {
  const section = formatPath(path.slice(0, -1));
  return section === "routing.classifier.llm" || section === "routing.collector.embedding" ? section : null;
}

function mapTexts(node: SourceNode, path: Path, change: (text: string, path: Path) => string): SourceNode {
  switch (node.kind) {
    case "scalar":
      return typeof node.value === "string" && node.value.startsWith(PREFIX)
        ? { ...node, value: change(node.value, path) }
        : node;
    case "list":
      return { ...node, items: node.items.map((item, index) => mapTexts(item, [...path, index], change)) };
    case "mapping":
      return {
        ...node,
        entries: new Map(
          Array.from(node.entries, ([key, value]) => [key, mapTexts(value, [...path, key], change)]),
        ),
      };
    default:
      return node satisfies never;
  }
}

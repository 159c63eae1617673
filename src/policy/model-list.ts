import { MAX_PATTERN_CHARS } from "./glob.ts";
import type { ModelEntry } from "./policy.ts";
import type { Report } from "./report.ts";
import { MAX_PATTERNS } from "./schema-parts.ts";
import { childOf, entriesOf, itemsOf, type Path, type SourceNode, textOf, toPlain } from "./source.ts";
import { warnOfTokenPrice } from "./token-price.ts";

/** What routing needs of `model_list`, as plain data. */
export interface ModelList {
  /** By exact name; the first deployment of a name stands for it. */
  readonly models: ReadonlyMap<string, ModelEntry>;
  /** Names with a `*` in them. */
  readonly wildcards: readonly Pick<ModelEntry, "name" | "deployment">[];
}

/**
 * Reads `model_list`: names, `litellm_params.model` and `model_info`. Everything else in it is LiteLLM's and
 * is neither read nor judged, but for prices of tokens, and no other value of it gets into a message.
 */
export function readModelList(node: SourceNode | undefined, report: Report): ModelList {
  if (node !== undefined && node.kind !== "list") {
    report.error(["model_list"], `found ${kindOf(node)}, expected a list of models`);
  }
  const entries = itemsOf(node).flatMap(
    (item, index) => readEntry(item, ["model_list", index], report) ?? [],
  );
  const wildcards = entries.filter(({ name }) => name.includes("*"));
  if (wildcards.length > MAX_PATTERNS) {
    report.error(
      ["model_list"],
      `found ${wildcards.length} names with a *, expected at most ${MAX_PATTERNS}`,
    );
    return { models: new Map(), wildcards: [] };
  }
  const models = new Map<string, ModelEntry>();
  for (const entry of entries) {
    if (!entry.name.includes("*") && !models.has(entry.name)) models.set(entry.name, entry);
  }
  return { models, wildcards: wildcards.map(({ name, deployment }) => ({ name, deployment })) };
}

function readEntry(node: SourceNode, path: Path, report: Report): ModelEntry | null {
  if (node.kind !== "mapping") {
    report.error(path, `found ${kindOf(node)}, expected a mapping with model_name and litellm_params`);
    return null;
  }
  const name = readText(node, { path: [...path, "model_name"], steps: ["model_name"], report });
  const deployment = readText(node, {
    path: [...path, "litellm_params", "model"],
    steps: ["litellm_params", "model"],
    report,
  });
  for (const part of ["litellm_params", "model_info"])
    lintPrices(childOf(node, part), [...path, part], report);
  const info = readInfo(childOf(node, "model_info"), [...path, "model_info"], report);
  return name === null || deployment === null ? null : { name, deployment, info };
}

function readText(
  entry: SourceNode,
  {
    path,
    steps,
    report,
  }: { readonly path: Path; readonly steps: readonly string[]; readonly report: Report },
): string | null {
  const node = steps.reduce<SourceNode | undefined>((at, step) => at && childOf(at, step), entry);
  const text = textOf(node);
  if (text !== null && text !== "" && text.length <= MAX_PATTERN_CHARS) return text;
  const found = text === null ? kindOf(node) : `a text of ${text.length} characters`;
  report.error(path, `found ${found}, expected a text of 1 to ${MAX_PATTERN_CHARS} characters`);
  return null;
}

function readInfo(node: SourceNode | undefined, path: Path, report: Report): ModelEntry["info"] {
  if (node?.kind === "mapping") {
    return Object.fromEntries(Array.from(node.entries, ([key, value]) => [key, toPlain(value)]));
  }
  const isEmpty = node === undefined || (node.kind === "scalar" && node.value === null);
  if (!isEmpty) report.error(path, `found ${kindOf(node)}, expected a mapping`);
  return {};
}

/** What LiteLLM calls the prices of tokens, of any kind. */
const TOKEN_PRICE = /^(?:input|output)_cost_per_(?:\w+_)?token(?:_|$)|^cache_\w*token_cost(?:_|$)/;

/** LiteLLM takes any number, one that is written as a text too: the model would be the dearest by far. */
function lintPrices(node: SourceNode | undefined, path: Path, report: Report): void {
  for (const [key, value] of entriesOf(node)) {
    const usd = TOKEN_PRICE.test(key) && value.kind === "scalar" ? Number(value.value) : Number.NaN;
    if (Number.isFinite(usd)) warnOfTokenPrice(usd, [...path, key], report);
  }
}

/** What kind of value a node is. Its value stays out: under model_list it may be a secret. */
function kindOf(node: SourceNode | undefined): string {
  if (node === undefined) return "nothing";
  if (node.kind !== "scalar") return `a ${node.kind}`;
  return node.value === null ? "nothing" : `a ${typeof node.value === "string" ? "text" : typeof node.value}`;
}

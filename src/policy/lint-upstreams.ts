import type { CompiledPolicy } from "./compile.ts";
import type { Report } from "./report.ts";
import type { Path } from "./source.ts";

const LLM: Path = ["routing", "classifier", "llm"];
const EMBEDDING: Path = ["routing", "collector", "embedding", "api_base"];

/** Warns of addresses and keys with which an LLM or an embedding model will not answer. */
export function lintUpstreams(policy: CompiledPolicy, report: Report): void {
  lintLlm(policy, report);
  lintEmbedding(policy, report);
}

function lintLlm({ classifier: { strategy, llm } }: CompiledPolicy, report: Report): void {
  if (llm === null || (strategy !== "llm" && strategy !== "cascade")) return;
  const path = [...LLM, "api_base"];
  if (llm.api === "openai") lintOpenaiUrl(llm.apiBase, path, report);
  else lintOllamaUrl(llm.apiBase, { path, other: ", or set api: openai", report });
  lintKey(llm.api, report);
}

/** Ollama answers 404 there, as it does for a model that it does not have. */
function lintOllamaUrl(
  url: string,
  { path, other, report }: { readonly path: Path; readonly other: string; readonly report: Report },
): void {
  const [, end] = /\/(v1|api(?:\/\w+)?)\/*$/.exec(url) ?? [];
  if (end === undefined) return;
  const message =
    end === "v1"
      ? `found a URL that ends in /v1, where Ollama's own API is not: leave /v1 out${other}`
      : `found a URL that ends in /${end}, which is put behind it anyway: leave it out`;
  report.warn(path, message);
}

const OLLAMA_PORT = "11434";

function lintOpenaiUrl(apiBase: string, path: Path, report: Report): void {
  const url = URL.parse(apiBase);
  if (/\/chat\/completions\/*$/.test(apiBase)) {
    report.warn(
      path,
      "found a URL that ends in /chat/completions, which is put behind it anyway: leave it out",
    );
  } else if (url?.port === OLLAMA_PORT && /^\/*$/.test(url.pathname)) {
    report.warn(
      path,
      "found Ollama's own address beside api: openai: expected the URL up to /chat/completions, which ends in /v1 at Ollama",
    );
  }
}

function lintKey(api: "ollama" | "openai", report: Report): void {
  const path = [...LLM, "api_key"];
  const text = report.textAt(path);
  if (text === null) return;
  if (api === "ollama") {
    report.warn(path, "found a key, which api: ollama does not send: api: openai does");
  } else if (/^\$(\w+|\{\w+\})$/.test(text)) {
    report.warn(
      path,
      "found a text that begins with $, which is sent as it stands: a variable is os.environ/NAME",
    );
  }
}

function lintEmbedding({ collector: { embedding } }: CompiledPolicy, report: Report): void {
  if (embedding === null) return;
  lintOllamaUrl(embedding.apiBase, { path: EMBEDDING, other: "", report });
}

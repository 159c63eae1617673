import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { estimateInputTokens } from "../src/decide/input-tokens.ts";
import { parseEnvelope } from "../src/request/envelope.ts";
import { readRequest } from "../src/request/read-request.ts";
import { pythonBin } from "../test/e2e/support/commands.ts";
import type { BenchOptions, Report } from "./report.ts";

/** How far an estimate may be off. */
const MAX_ERROR = 0.15;
/** Vocabularies that LiteLLM brings along, the newer one first. */
const ENCODINGS = ["o200k_base", "cl100k_base"] as const;

/** Written for this measurement. */
const CHINESE = [
  "我们公司的仓库平时每天发出四百个包裹，节假日之前会增加一倍。",
  "请解释一下合同第二段对提前搬走的租客意味着什么，语气要友好。",
  "夜间任务读取当天的订单，按地区分组，然后给每位客户写一份总结。",
  "如果传感器十分钟没有任何数据，水泵必须停止，并且要通知值班人员。",
  "比较这两个方案，说明你会为四个人的小组选择哪一个，并指出它最大的缺点。",
  "天气预报说雨会一直下到星期四，所以露天市场搬到了车站后面的大厅里。",
];

const COUNT = `
import json, os, sys, litellm
folder = os.path.join(os.path.dirname(litellm.__file__), "litellm_core_utils", "tokenizers")
os.environ["TIKTOKEN_CACHE_DIR"] = folder
import tiktoken
texts, names = json.load(sys.stdin)
encodings = [tiktoken.get_encoding(name) for name in names]
print(json.dumps([[len(e.encode(text, disallowed_special=())) for e in encodings] for text in texts]))
`;

/** Measures how far the estimate of tokens is from what tiktoken counts. */
export async function benchTokens({ progress }: BenchOptions): Promise<Report> {
  const texts = sampleTexts();
  progress("tokens: tiktoken counts");
  const counted = countReally(texts.map(({ text }) => text));
  const rows = texts.map(({ name, text }, index) => {
    const estimate = estimateOf(text);
    const errors = (counted[index] ?? []).map((tokens) => estimate / tokens - 1);
    return { name, chars: text.length, estimate, errors };
  });
  const worst = Math.max(...rows.map(({ errors }) => Math.abs(errors[0] ?? 1)));
  return {
    title: "Estimated tokens",
    method: `What the eligibility of a model is decided by, beside tiktoken as LiteLLM brings it, on texts of this repository.`,
    aims: [
      {
        what: `error of the estimate beside ${ENCODINGS[0]}, the worst text`,
        wanted: `at most ${MAX_ERROR * 100} %`,
        measured: `${(worst * 100).toFixed(1)} %`,
        isMet: worst <= MAX_ERROR,
      },
    ],
    tables: [
      {
        caption: "Error by text",
        table: {
          columns: ["text", "characters", "estimate", ...ENCODINGS],
          rows: rows.map(({ name, chars, estimate, errors }) => [
            name,
            String(chars),
            String(estimate),
            ...errors.map((error) => `${error > 0 ? "+" : ""}${(error * 100).toFixed(1)} %`),
          ]),
        },
      },
    ],
  };
}

function sampleTexts(): { readonly name: string; readonly text: string }[] {
  const read = (...files: string[]) => files.map((file) => readFileSync(file, "utf8")).join("\n");
  const files = readdirSync("src/http").filter((file) => file.endsWith(".ts"));
  const sources = files.map((file) => join("src/http", file));
  const records = Array.from({ length: 200 }, (_, i) => {
    return {
      id: i * 7_919,
      name: `Widget number ${i}`,
      price: i * 1.37,
      tags: ["new", "sale"],
      inStock: i % 3 > 0,
    };
  });
  return [
    { name: "prose", text: read("docs/architecture.md", "docs/privacy.md") },
    { name: "code, TypeScript", text: read(...sources) },
    { name: "code, Python", text: read("callback/signalbox.py") },
    { name: "JSON, indented", text: JSON.stringify(records, null, 2) },
    { name: "JSON, compact", text: JSON.stringify(records) },
    { name: "JSON, package.json", text: read("package.json") },
    { name: "Chinese", text: CHINESE.join("\n") },
  ];
}

function countReally(texts: readonly string[]): number[][] {
  const input = JSON.stringify([texts, ENCODINGS]);
  const env = { ...process.env, LITELLM_LOCAL_MODEL_COST_MAP: "True" };
  return JSON.parse(
    execFileSync(join(pythonBin(), "python"), ["-c", COUNT], { input, env, encoding: "utf8" }),
  );
}

function estimateOf(content: string): number {
  const envelope = parseEnvelope({ body: { messages: [{ role: "user", content }] }, facts: { messages: 0 } });
  if (!envelope.ok) throw new Error(envelope.message);
  return estimateInputTokens(readRequest(envelope.envelope));
}

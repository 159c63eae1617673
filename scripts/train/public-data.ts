import type { ModelGroups } from "../../src/learn/train/outcome-targets.ts";

/** File of the outcomes in the folder that `--data` names. */
export const OUTCOMES_FILE = "outcomes-dev.jsonl.gz";

/**
 * Cheap and strong models of each collection. Left out as broken on the data: llama3-chatqa, codegemma, claude-v2; and
 * those between the two.
 */
export const MODEL_GROUPS: readonly ModelGroups[] = [
  {
    suites: "llmrouter-",
    weak: ["mistral-7b-instruct-v0.3", "gemma-2-9b-it", "llama-3.1-8b-instruct", "qwen2.5-7b-instruct"],
    strong: ["llama-3.1-nemotron-51b-instruct", "llama-3.3-nemotron-super-49b-v1"],
  },
  {
    suites: "routerbench-",
    weak: [
      "WizardLM/WizardLM-13B-V1.2",
      "meta/code-llama-instruct-34b-chat",
      "mistralai/mistral-7b-chat",
      "meta/llama-2-70b-chat",
      "mistralai/mixtral-8x7b-chat",
      "gpt-3.5-turbo-1106",
      "claude-instant-v1",
    ],
    strong: ["gpt-4-1106-preview", "claude-v1"],
  },
  {
    suites: "mmlu-pro",
    weak: [
      "Meta-Llama-3.1-8B-Instruct",
      "Mistral-7B-Instruct-v0.2",
      "Mixtral-8x7B-Instruct-v0.1",
      "Phi-3-mini-4k-instruct",
      "Qwen1.5-7B-Chat",
      "Yi-6b-Chat",
      "mathstral-7B",
    ],
    strong: ["Meta-Llama-3.1-70B-Instruct", "gemini-1.5-flash-002", "gemini-1.5-pro-002"],
  },
  {
    suites: "zeroeval-",
    weak: [
      "Meta-Llama-3.1-8B-Instruct",
      "Mixtral-8x7B-Instruct-v0.1",
      "Qwen2.5-7B-Instruct",
      "claude-3-haiku-20240307",
      "gpt-3.5-turbo-0125",
    ],
    strong: [
      "claude-3-5-sonnet-20240620",
      "claude-3-5-sonnet-20241022",
      "gpt-4o-2024-05-13",
      "gpt-4o-2024-08-06",
      "o1-mini-2024-09-12",
      "o1-preview-2024-09-12",
    ],
  },
];

/** Where the outcomes are from: named in the artifact that is made of them. */
export const SOURCES = [
  {
    name: "MMLU-Pro, without rows taken from MMLU",
    licence: "Apache-2.0",
    url: "https://github.com/TIGER-AI-Lab/MMLU-Pro",
    suites: "mmlu-pro",
  },
  {
    name: "LLMRouter, 13 tasks",
    licence: "MIT",
    url: "https://github.com/ulab-uiuc/LLMRouter",
    suites: "llmrouter-",
  },
  {
    name: "RouterBench: ARC-C, Winogrande, MBPP",
    licence: "MIT",
    url: "https://github.com/withmartian/routerbench",
    suites: "routerbench-",
  },
  {
    name: "ZeroEval: CRUX",
    licence: "Apache-2.0",
    url: "https://github.com/WildEval/ZeroEval",
    suites: "zeroeval-",
  },
] as const;

/** File of the written labels in the same folder. */
export const TIERS_FILE = "tier-labels-dev.jsonl.gz";

/** Where the written labels are from. */
export const TIERS_SOURCE = {
  name: "UncommonRoute: tier labels, train split",
  licence: "MIT",
  url: "https://github.com/CommonstackAI/UncommonRoute",
};

/**
 * What a written tier stands for among the outcomes. Benchmarks hold no greetings, no look-ups and little but English:
 * these labels teach what such requests need. The figures are set by hand, in the range that the suites' own means span.
 */
export const TIER_TARGETS = {
  SIMPLE: { weakFail: 0.1, gain: 0.02 },
  MEDIUM: { weakFail: 0.4, gain: 0.15 },
  COMPLEX: { weakFail: 0.65, gain: 0.3 },
  REASONING: { weakFail: 0.75, gain: 0.35 },
} as const;

/**
 * How much a written label counts beside a prompt of a suite of the same size. At 1, hard requests in other languages than
 * English are taken for middling; 2 mends that, and costs .002 to .003 of the APGR on suites left out.
 */
export const TIERS_WEIGHT = 2;

/**
 * Features that no tree may use: they change with the case of letters, with a typo or with what is pasted around a
 * question, and leaving them out cost nothing where it was measured.
 */
export const UNUSED_FEATURES: readonly string[] = [
  "chars",
  "lines",
  "longest_line_chars",
  "last_line_chars",
  "line_feed_share",
  "distinct_characters",
  "upper_share",
  "capital_pair_share",
  "capitalised_share",
  "all_capitals_share",
  "identifier_share",
  "repeated_spaces",
  "exclamation_marks",
  "messages",
  "other_chars",
  "rarity_mean",
  "rarity_median",
  "rarity_p75",
  "rarity_p90",
  "rarity_highest",
  "rare_word_share",
  "unknown_word_share",
];

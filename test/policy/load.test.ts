import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { STATIC_DEFAULTS } from "../../src/classify/static-defaults.ts";
import { formatProblem, type LoadResult, loadPolicyFile, loadPolicyText } from "../../src/policy/load.ts";
import type { Policy } from "../../src/policy/policy.ts";
import { cpuMs } from "../support/cpu-time.ts";

const VALID = readFileSync(new URL("valid.yaml", import.meta.url), "utf8");
const ENV = { EXTRA_MODEL: "vllm-b", EMBEDDING_URL: "http://ollama:11434" };
const MINIMAL = `routing:
  external_models: ["*"]
  tiers: {medium: {model: some-model}}
`;

function load(text: string, env: Record<string, string> = ENV): Policy {
  const result = loadPolicyText(text, { file: "gateway.yaml", env });
  if (!result.ok) throw new Error(result.problems.map(formatProblem).join("\n"));
  return result.policy;
}

const messagesOf = (result: LoadResult) => (result.ok ? [] : result.problems.map(formatProblem));

const refuse = (text: string) => messagesOf(loadPolicyText(text, { file: "gateway.yaml", env: {} }));

describe("loadPolicyText()", () => {
  it("compiles tiers in the order of the file, without disabled models, with variables filled in", () => {
    expect(load(VALID).tiers).toEqual([
      {
        name: "simple",
        low: 0,
        high: 30,
        models: [{ model: "local-small", weight: 1 }],
        pick: "first",
        description: null,
      },
      {
        name: "medium",
        low: 31,
        high: 65,
        models: [{ model: "gpt-5-mini", weight: 1 }],
        pick: "first",
        description: null,
      },
      {
        name: "complex",
        low: 66,
        high: 100,
        models: [
          { model: "claude-opus", weight: 1 },
          { model: "openrouter/x", weight: 2 },
          { model: "vllm-b", weight: 1 },
        ],
        pick: "weighted",
        description: null,
      },
    ]);
  });

  it("keeps tiers named like numbers in the order of their scores", () => {
    const { tiers } = load(`routing:
  external_models: ["*"]
  fallback_tier: "20"
  tiers:
    "20": {score_range: [0, 50], model: small}
    "10": {score_range: [51, 100], model: large}
`);
    expect(tiers.map(({ name }) => name)).toEqual(["20", "10"]);
  });

  it("follows each alias to its end and leaves out the ones that are switched off", () => {
    const pool = [
      { model: "local-small", weight: 3 },
      { model: "gpt-5-mini", weight: 1 },
    ];
    expect(Object.fromEntries(load(VALID).aliases)).toEqual({
      auto: { kind: "auto_route", via: [] },
      smart: { kind: "auto_route", via: ["auto"] },
      opus: { kind: "model", model: "claude-opus", via: [] },
      best: { kind: "model", model: "claude-opus", via: ["opus"] },
      cheap: { kind: "objective", pick: "cost", via: [] },
      cheapest: { kind: "objective", pick: "cost", via: ["cheap"] },
      summarizer: { kind: "pool", models: pool, pick: "weighted", via: [] },
      pair: { kind: "pool", models: pool.map(({ model }) => ({ model, weight: 1 })), pick: "first", via: [] },
    });
  });

  it("gives a model that stands in a pool more than once all of its shares, at its first place", () => {
    const pool = "[{model: a, weight: 3}, b, {model: a, weight: 0.5}, {model: b, weight: 9, enabled: false}]";
    const { tiers, aliases } = load(`routing:
  external_models: ["*"]
  fallback_tier: only
  tiers: {only: {models: ${pool}, pick: weighted}}
  aliases: {split: {models: ${pool}}}
`);
    const models = [
      { model: "a", weight: 3.5 },
      { model: "b", weight: 1 },
    ];
    expect(tiers).toMatchObject([{ models }]);
    expect(aliases.get("split")).toMatchObject({ models, pick: "weighted" });
  });

  it("leads an alias of one that is switched off to the model of that name, as if it was not in the file", () => {
    const text = `${MINIMAL}  aliases: {s: some-model, some-model: {pick: cost, enabled: false}}\n`;
    expect(Object.fromEntries(load(text).aliases)).toEqual({
      s: { kind: "model", model: "some-model", via: [] },
    });
  });

  it("keeps of model_list the names, the first deployment of each and model_info, and nothing else", () => {
    const { models, wildcards } = load(VALID);
    expect(models.get("gpt-5-mini")).toEqual({
      name: "gpt-5-mini",
      deployment: "openai/gpt-5-mini",
      info: {},
    });
    expect(models.get("local-small")?.info).toEqual({ max_input_tokens: 32768, tags: ["a", "b"] });
    expect(Array.from(models.keys()).slice(0, 3)).toEqual(["local-small", "gpt-5-mini", "claude-opus"]);
    expect(wildcards.map(({ source, deployment }) => [source, deployment])).toEqual([
      ["openrouter/*", "openrouter/*"],
      ["claude-*", "openai/gpt-5-mini"],
    ]);
    expect(wildcards[0]?.matches("openrouter/a/b")).toBe(true);
  });

  it("compiles patterns and external models", () => {
    const { patterns, externalModels } = load(VALID);
    expect(patterns.map((glob) => glob.matches("claude-x/y"))).toEqual([true]);
    expect(externalModels.map((glob) => glob.matches("vllm-x"))).toEqual([true]);
  });

  it("reads what picks go by, weights as shares of one", () => {
    const { pickWeights, preferLocal, traits } = load(VALID);
    expect(pickWeights).toEqual({
      balanced: { cost: 0.4, quality: 0.35, latency: 0.25 },
      cost: { cost: 0.75, quality: 0.25, latency: 0 },
      quality: { cost: 0.05, quality: 0.85, latency: 0.1 },
      latency: { cost: 0.1, quality: 0.1, latency: 0.8 },
    });
    expect(preferLocal).toBe(0.7);
    expect(Object.fromEntries(traits)).toEqual({
      "claude-opus": { quality: 95, specialties: ["code", "reasoning"], local: null },
      "vllm-a": { quality: null, specialties: [], local: true },
    });
  });

  it("reads every other key", () => {
    const policy = load(VALID);
    const { conversation, classifier, collector } = policy;
    const { mode, access, fallbackTier, unknownModel, baselineModel } = policy;
    expect({ mode, access, fallbackTier, unknownModel, baselineModel }).toEqual({
      mode: "shadow",
      access: "virtual_name",
      fallbackTier: "medium",
      unknownModel: "passthrough",
      baselineModel: "gpt-5-mini",
    });
    expect(conversation).toMatchObject({
      downgradeAfter: 0,
      escalate: { list: ["harder"] },
      repeatRaisesAfter: 5,
      isCacheAware: true,
    });
    expect(classifier).toEqual({
      strategy: "static",
      static: {
        weights: { ...STATIC_DEFAULTS.weights, tokenCount: 1, reasoning: 0 },
        tokenThresholds: { ...STATIC_DEFAULTS.tokenThresholds, low: 100 },
        complexKeywords: ["refactor"],
        simpleKeywords: [],
        floors: [{ signal: "codeComplexity", atLeast: 30, score: 40 }],
      },
      ml: { loaded: null },
      llm: {
        ...{ api: "ollama", apiBase: "http://ollama:11434", model: "m", apiKey: null, timeoutMs: 900 },
        ...{ maxShare: 0.5, maxConcurrent: 2, inputCostPerToken: null, outputCostPerToken: null },
      },
      threshold: 0.3,
    });
    expect(collector).toEqual({
      enabled: false,
      storeText: "none",
      retentionDays: 7,
      outboxMaxMb: 64,
      embedding: { apiBase: ENV.EMBEDDING_URL, model: "e", maxChars: 10, timeoutMs: 100 },
    });
  });

  it("warns of nothing where nothing is odd", () => {
    expect(load(VALID).warnings).toEqual([]);
  });

  it("needs no more than a tier, and fills in the defaults", () => {
    const policy = load(MINIMAL);
    expect(policy).toMatchObject({
      mode: "enforce",
      access: "strict",
      fallbackTier: "medium",
      unknownModel: "auto",
      tiers: [{ name: "medium", low: 0, high: 100 }],
      classifier: {
        strategy: "ml",
        static: STATIC_DEFAULTS,
        llm: { model: "qwen3:1.7b", timeoutMs: 3000 },
        threshold: 0.3,
      },
      conversation: { downgradeAfter: 3, repeatRaisesAfter: 3, isCacheAware: false },
      collector: {
        enabled: true,
        storeText: "redacted",
        retentionDays: 90,
        outboxMaxMb: 16_384,
        embedding: null,
      },
    });
  });

  it("counts an empty variable as not set", () => {
    const text = `${MINIMAL}  mode: os.environ/MODE\n`;
    expect(messagesOf(loadPolicyText(text, { file: "g.yaml", env: { MODE: "" } }))).toEqual([
      'g.yaml:4: routing.mode: found "os.environ/MODE", expected the variable MODE to be set',
    ]);
    expect(load(text, { MODE: "off" }).mode).toBe("off");
  });

  it("needs no key of an LLM that is switched off, in whichever order they are written", () => {
    const llmOf = (text: string) =>
      `${MINIMAL}  classifier: {strategy: cascade, llm: {api: openai, model: m, ${text}}}\n`;
    const key = "api_key: os.environ/LLM_KEY";
    for (const text of [`api_base: os.environ/LLM_URL, ${key}`, `${key}, api_base: os.environ/LLM_URL`]) {
      const loaded = loadPolicyText(llmOf(text), { file: "g.yaml", env: {} });
      expect(messagesOf(loaded)).toEqual([]);
      const { warnings } = load(llmOf(text));
      expect(warnings.map(({ message }) => message)).toEqual([
        'found "os.environ/LLM_URL", which is not set: the LLM classifier is switched off',
      ]);
    }
    const on = loadPolicyText(llmOf(`api_base: os.environ/LLM_URL, ${key}`), {
      file: "g.yaml",
      env: { LLM_URL: "http://llm.test/v1" },
    });
    expect(messagesOf(on)).toEqual([
      'g.yaml:4: routing.classifier.llm.api_key: found "os.environ/LLM_KEY", expected the variable LLM_KEY to be set',
    ]);
  });

  it("takes a byte order mark, Windows line ends and a NUL", () => {
    const text = `\ufeff${VALID.replaceAll("\n", "\r\n")}`.replace("[refactor]", '["re\u0000factor"]');
    expect(load(text).classifier.static.complexKeywords).toEqual(["re\u0000factor"]);
  });

  it("takes names that JavaScript gives a meaning", () => {
    const text = `${MINIMAL}  aliases: {constructor: toString, toString: hasOwnProperty, hasOwnProperty: auto_route}\n`;
    expect(load(text).aliases.get("constructor")).toEqual({
      kind: "auto_route",
      via: ["toString", "hasOwnProperty"],
    });
  });

  it("freezes the policy all the way down", () => {
    const policy = load(VALID);
    const set: unknown = Reflect.get(policy.aliases, "set");
    expect(Object.isFrozen(policy) && Object.isFrozen(policy.tiers[0]?.models[0])).toBe(true);
    expect(Object.isFrozen(policy.models.get("local-small")?.info.tags)).toBe(true);
    expect(() => (typeof set === "function" ? set.call(policy.aliases, "x", 1) : null)).toThrow(
      "Cannot change",
    );
  });

  it("gives the same revision for the same content, however it is written, and another for another", () => {
    const { revision } = load(VALID);
    expect(revision).toMatch(/^[0-9a-f]{16}$/);
    expect(load(`# a comment\n${VALID}`).revision).toBe(revision);
    expect(load(VALID, { ...ENV, UNUSED: "x" }).revision).toBe(revision);
    expect(load(VALID.replace("model: local-small}", "models: [local-small]}")).revision).toBe(revision);
    expect(load(VALID.replace("mode: shadow", "mode: enforce")).revision).not.toBe(revision);
    expect(load(VALID, { ...ENV, EXTRA_MODEL: "vllm-c" }).revision).not.toBe(revision);
    expect(load(VALID.replace("32768", "32769")).revision).not.toBe(revision);
  });
});

describe("loadPolicyText() of a generated file of slips", () => {
  it("tells the first warnings in the order of the file, and how many more there are", () => {
    const rules = Array.from({ length: 400 }, (_, i) => `    - {when: {tag: t${i}}, max_latency_ms: 5}\n`);
    const { warnings } = load(`${MINIMAL}  rules:\n${rules.join("")}`);
    expect(warnings).toHaveLength(101);
    expect(warnings[0]?.path).toBe("routing.rules[0].max_latency_ms");
    expect(warnings.map(formatProblem).at(-1)).toBe("gateway.yaml: warning: 300 more of these are left out");
  });
});

describe("loadPolicyText() refuses a hostile file in time:", () => {
  const levels = 10_000;
  const tooDeep = ["gateway.yaml:1: found more than 64 levels of nesting, expected fewer"];

  it.each([
    ["lists in brackets", `routing: ${"[".repeat(levels)}${"]".repeat(levels)}`],
    ["mappings in braces", `${"{a: ".repeat(levels)}1${"}".repeat(levels)}`],
    ["lists of lists", "- ".repeat(levels)],
    ["explicit keys", "? ".repeat(levels)],
    ["brackets that never close", "[".repeat(1_000_000)],
  ])("thousands of levels: %s", (_, text) => {
    expect(refuse(text)).toEqual(tooDeep);
  });

  it("a thousand levels of indentation", () => {
    const deep = Array.from({ length: 1000 }, (_, level) => `${" ".repeat(level)}a:`).join("\n");
    expect(refuse(deep)).toEqual(["gateway.yaml:66: found more than 64 levels of nesting, expected fewer"]);
  });

  it("50,000 keys in one mapping", () => {
    const text = Array.from({ length: 50_000 }, (_, index) => `k${index}: 1`).join("\n");
    expect(cpuMs(() => expect(refuse(text).length).toBe(50_001))).toBeLessThan(10_000);
  }, 20_000);

  it("thousands of targets that are all mistyped", () => {
    const names = Array.from({ length: 4000 }, (_, index) => `model-number-${index}`);
    const models = names.map((name) => `  - {model_name: ${name}, litellm_params: {model: x}}`).join("\n");
    const aliases = names.map((name) => `    alias-${name}: ${name}x`).join("\n");
    const text = `model_list:\n${models}\nrouting:\n  tiers: {medium: {model: model-number-1}}\n  aliases:\n${aliases}`;
    expect(cpuMs(() => expect(refuse(text).length).toBe(4000))).toBeLessThan(10_000);
  }, 20_000);

  it("a text above the cap", () => {
    expect(refuse("#".repeat(1024 * 1024 + 1))).toEqual([
      "gateway.yaml: found 1048577 bytes, expected at most 1048576",
    ]);
  });

  it("an empty text", () => {
    const wanted = ["gateway.yaml: found an empty file, expected a mapping with model_list and routing"];
    expect(["", " \n", "\ufeff", "# only a comment", "---", "null"].map(refuse)).toEqual(
      Array(6).fill(wanted),
    );
  });
});

describe("loadPolicyFile()", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "policy-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const refuseFile = (path: string) => messagesOf(loadPolicyFile(path, {}));

  it("loads a file and names it in problems", () => {
    const path = join(folder, "gateway.yaml");
    writeFileSync(path, MINIMAL);
    expect(loadPolicyFile(path, {}).ok).toBe(true);
    writeFileSync(path, `${MINIMAL}  mode: on\n`);
    expect(refuseFile(path)).toEqual([
      `${path}:4: routing.mode: found "on", expected one of enforce, shadow, off`,
    ]);
  });

  it("refuses a file that is not there", () => {
    const path = join(folder, "missing.yaml");
    expect(refuseFile(path)).toEqual([`${path}: found no such file, expected a gateway.yaml`]);
  });

  it("refuses a path that no file can have", () => {
    expect(refuseFile("a\0b")).toEqual([
      "a\0b: found a file that cannot be read (ERR_INVALID_ARG_VALUE), expected a readable one",
    ]);
  });

  it("refuses a directory and a device", () => {
    expect(refuseFile(folder)).toEqual([`${folder}: found a directory, expected a file`]);
    expect(refuseFile("/dev/zero")).toEqual([
      "/dev/zero: found something that is no regular file, expected a file",
    ]);
  });

  it("refuses 100 MB without reading them", () => {
    const path = join(folder, "huge.yaml");
    writeFileSync(path, "");
    truncateSync(path, 100_000_000);
    const before = process.memoryUsage().rss;
    expect(refuseFile(path)).toEqual([`${path}: found 100000000 bytes, expected at most 1048576`]);
    expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000);
  });

  it("refuses bytes that are not UTF-8", () => {
    const path = join(folder, "encoded.yaml");
    writeFileSync(path, Buffer.from("\ufeffrouting: {}", "utf16le"));
    expect(refuseFile(path)).toEqual([`${path}: found UTF-16, expected UTF-8 text`]);
    writeFileSync(path, Buffer.from("# all right\n# gr\u00fcn\n", "latin1"));
    expect(refuseFile(path)).toEqual([
      `${path}: found bytes that are not UTF-8, first in line 2, expected UTF-8 text`,
    ]);
  });
});

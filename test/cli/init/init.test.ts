import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { modelsOfConfig, modelsOfMachine } from "../../../src/cli/init/find-models.ts";
import { gatewayText } from "../../../src/cli/init/gateway-text.ts";
import { chats, rankOf } from "../../../src/cli/init/known-models.ts";
import { PRESETS } from "../../../src/cli/init/presets.ts";
import { formatProblem, loadPolicyText } from "../../../src/policy/load.ts";
import { runCli } from "../../support/run-cli.ts";

const folder = mkdtempSync(join(tmpdir(), "signalbox-init-"));
const ollama = createServer((_request, response) => {
  response.end(
    JSON.stringify({
      models: [
        { name: "nomic-embed-text:latest", size: 9 },
        { name: "qwen3:0.6b", size: 1 },
        { name: "qwen3:4b", size: 3 },
      ],
    }),
  );
});
/** Nobody listens there. */
const NO_OLLAMA = { OLLAMA_BASE_URL: "http://127.0.0.1:1" };
let ollamaUrl = "";

beforeAll(async () => {
  await new Promise<void>((resolve) => ollama.listen(0, "127.0.0.1", resolve));
  const address: AddressInfo | string | null = ollama.address();
  ollamaUrl = `http://127.0.0.1:${address !== null && typeof address === "object" ? address.port : 0}`;
});

afterAll(() => {
  ollama.close();
  rmSync(folder, { recursive: true });
});

const LITELLM = `
model_list:
  - model_name: fast
    litellm_params: {model: azure/gpt-5-mini, api_base: "https://example.invalid", api_key: sk-written-down}
    model_info: {max_input_tokens: 100000}
  - model_name: fast
    litellm_params: {model: openai/gpt-5-mini, api_key: os.environ/OPENAI_API_KEY}
  - model_name: "org/Strong Model"
    litellm_params: {model: anthropic/claude-opus-4-5}
  - model_name: "vendor/*"
    litellm_params: {model: "vendor/*"}
  - model_name: smart
    litellm_params: {model: auto_router/complexity_router}
litellm_settings: {drop_params: true}
`;

const SOURCES = [
  ["all keys", { OPENAI_API_KEY: "x", ANTHROPIC_API_KEY: "x", GEMINI_API_KEY: "x", MISTRAL_API_KEY: "x" }],
  ["one key", { MISTRAL_API_KEY: "x" }],
  ["nothing", {}],
] as const;

const presets = z.array(z.enum(["general", "coding-agents", "customer-support", "translation"]));
const PRESET_NAMES = presets.parse(Object.keys(PRESETS));
const schema = z.fromJSONSchema(
  JSON.parse(readFileSync(new URL("../../../gateway.schema.json", import.meta.url), "utf8")),
);

function expectValid(text: string): void {
  const result = loadPolicyText(text, { file: "gateway.yaml", env: {} });
  const problems = result.ok ? result.policy.warnings : result.problems;
  expect(problems.map(formatProblem)).toEqual([]);
  expect(schema.safeParse(parse(text)).error?.issues).toBeUndefined();
}

describe.each(PRESET_NAMES)("the preset %s", (preset) => {
  it.each(SOURCES)("makes a file without error or warning of %s", async (_title, env) => {
    expectValid(gatewayText(await modelsOfMachine({ ...env, ...NO_OLLAMA }), preset));
  });

  it("makes one of an Ollama, alone and beside a provider", async () => {
    for (const key of [{}, { ANTHROPIC_API_KEY: "x" }]) {
      const text = gatewayText(await modelsOfMachine({ ...key, OLLAMA_BASE_URL: ollamaUrl }), preset);
      expectValid(text);
      expect(text).toContain("ollama_chat/qwen3:4b");
    }
  });

  it("makes one of a LiteLLM configuration", () => {
    const file = join(folder, `${preset}-litellm.yaml`);
    writeFileSync(file, LITELLM);
    expectValid(gatewayText(modelsOfConfig(file, join(folder, "none.yaml")), preset));
  });
});

describe("the preset coding-agents", () => {
  it("writes the rule pack that ships, in the tiers that are there", async () => {
    const pack = readFileSync(new URL("../../../presets/agent-rules.yaml", import.meta.url), "utf8");
    const rulesOf = async (env: Record<string, string>) =>
      parse(gatewayText(await modelsOfMachine({ ...env, ...NO_OLLAMA }), "coding-agents")).routing.rules;
    const rules: Record<string, unknown>[] = parse(pack).rules;
    expect(await rulesOf({ OPENAI_API_KEY: "x" })).toEqual(rules);
    // Of two tiers the cheaper one is the fallback: only what is for the dearest goes there.
    const tiersOfTwo = { simple: "simple", medium: "simple", complex: "complex" };
    const inTwo = rules.map((rule) => {
      const moved = Object.entries(tiersOfTwo).map(([from, to]) => [from, to] as const);
      return Object.fromEntries(
        Object.entries(rule).map(([key, value]) => [
          key,
          moved.find(([from]) => from === value)?.[1] ?? value,
        ]),
      );
    });
    expect(await rulesOf({ MISTRAL_API_KEY: "x" })).toEqual(inTwo);
  });
});

describe("modelsOfConfig()", () => {
  it("takes each deployment as it is written, and leaves LiteLLM's own routers out", () => {
    const file = join(folder, "litellm.yaml");
    writeFileSync(file, LITELLM);
    const { model_list } = parse(gatewayText(modelsOfConfig(file, join(folder, "none.yaml")), "general"));
    expect(model_list.slice(0, 4)).toEqual(parse(LITELLM).model_list.slice(0, 4));
    expect(model_list.map(({ model_name }: { model_name: string }) => model_name)).not.toContain("smart");
  });
});

describe("gatewayText() of a LiteLLM configuration", () => {
  const textOf = (name: string, text: string) => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return gatewayText(modelsOfConfig(file, join(folder, "none.yaml")), "general");
  };

  it("leaves what answers no messages out of the tiers, and says so", () => {
    const text = textOf(
      "kinds.yaml",
      `
model_list:
  - {model_name: gpt-4o, litellm_params: {model: openai/gpt-4o}}
  - {model_name: my-vectors, litellm_params: {model: openai/text-embedding-3-small}}
  - {model_name: ears, litellm_params: {model: azure/ears-1}, model_info: {mode: audio_transcription}}
  - {model_name: image-expert, litellm_params: {model: openai/image-expert}, model_info: {mode: chat}}
`,
    );
    expectValid(text);
    const { model_list, routing } = parse(text);
    expect(Object.values(routing.tiers).flatMap((tier) => Object.values(Object(tier)).slice(1))).toEqual([
      "image-expert",
      "gpt-4o",
    ]);
    expect(model_list.slice(0, 4).map(({ model_name }: { model_name: string }) => model_name)).toContain(
      "my-vectors",
    );
    expect(text).toContain("# In no tier, as they answer no messages: my-vectors, ears\n");
  });

  it("has for LiteLLM, which reads YAML 1.1, the values that the configuration had", () => {
    const config = `
shared: &shared
  model: azure/gpt-4o
  api_version: "2024-10-21"
  organization: "yes"
model_list:
  - model_name: gpt-4o
    litellm_params: {<<: *shared, api_key: "0123", n: 1, temperature: 0.20}
    model_info: {supports_vision: yes, version: "1_000"}
`;
    const asLitellm = (text: string) => parse(text, { version: "1.1" }).model_list[0];
    expect(asLitellm(textOf("yaml-1.1.yaml", config))).toEqual({
      model_name: "gpt-4o",
      litellm_params: {
        ...{ model: "azure/gpt-4o", api_version: "2024-10-21", organization: "yes" },
        ...{ api_key: "0123", n: 1, temperature: 0.2 },
      },
      model_info: { supports_vision: true, version: "1_000" },
    });
  });

  it("has each name in one tier, that of the strongest of its deployments, by what a deployment of Azure is of", () => {
    const text = textOf(
      "groups.yaml",
      `
model_list:
  - {model_name: gpt-4o, litellm_params: {model: azure/our-deployment}, model_info: {base_model: azure/gpt-4o}}
  - {model_name: gpt-4o, litellm_params: {model: openai/gpt-4o}}
  - {model_name: quick, litellm_params: {model: azure/east-2}, model_info: {base_model: azure/gpt-5-nano}}
  - {model_name: quick, litellm_params: {model: azure/east-1}}
  - {model_name: claude-opus, litellm_params: {model: "bedrock/arn:aws:bedrock:eu:1:application-inference-profile/x1"}}
  - {model_name: vectors, litellm_params: {model: azure/east-3}, model_info: {base_model: azure/text-embedding-3-small}}
  - {model_name: odd, litellm_params: {model: azure/east-4}, model_info: {base_model: 4}}
`,
    );
    const { tiers } = parse(text).routing;
    expect(tiers).toMatchObject({
      simple: { model: "quick" },
      medium: { model: "odd" },
      complex: { models: ["gpt-4o", "claude-opus"] },
    });
    expect(text).toContain("# In no tier, as they answer no messages: vectors");
  });

  it("has its numbers whole, and small ones as numbers: to LiteLLM 1e-7 is a text", () => {
    const config = `
model_list:
  - model_name: gpt-4o
    litellm_params: {model: azure/gpt-4o, input_cost_per_token: 0.0000001, output_cost_per_token: 0.00000015}
    model_info: {account: 123456789012345678}
`;
    const text = textOf("numbers.yaml", config);
    expect(text).toContain("input_cost_per_token: 1.0e-7\n      output_cost_per_token: 1.5e-7\n");
    expect(text).toContain("account: 123456789012345678\n");
  });
});

describe("chats()", () => {
  it.each([
    ["openai/gpt-4o", undefined, true],
    ["anthropic/claude-sonnet-4-5", undefined, true],
    ["bedrock/us.amazon.nova-pro-v1:0", undefined, true],
    ["openai/o4-mini", "responses", true],
    ["cohere/rerank-english-v3.0", undefined, false],
    ["whisper-1", undefined, false],
    ["openai/dall-e-3", undefined, false],
    ["ollama/nomic-embed-text", undefined, false],
    ["azure/what-we-call-it", "embedding", false],
  ])("%s, mode %s: %s", (deployment, mode, is) => {
    expect(chats(deployment, mode)).toBe(is);
  });
});

describe("gatewayText()", () => {
  it("gives the id of a deployment to none of its backings: LiteLLM tells deployments apart by it", () => {
    const file = join(folder, "identified.yaml");
    const info = "{id: fast-1, max_input_tokens: 9}";
    writeFileSync(
      file,
      `model_list: [{model_name: fast, litellm_params: {model: openai/gpt-5-mini}, model_info: ${info}}]`,
    );
    const { model_list } = parse(gatewayText(modelsOfConfig(file, join(folder, "none.yaml")), "general"));
    const infos = model_list.map(({ model_info }: { model_info: unknown }) => model_info);
    expect(infos.slice(0, 2)).toEqual([{ id: "fast-1", max_input_tokens: 9 }, { max_input_tokens: 9 }]);
    expect(infos.filter((info: { id?: string }) => info.id !== undefined)).toHaveLength(1);
  });
});

describe("rankOf()", () => {
  it.each([
    ["ollama_chat/llama3.3:70b", 0],
    ["openai/gpt-5-nano", 0],
    ["openai/gpt-5-mini", 1],
    ["openai/gpt-5.1", 2],
    ["anthropic/claude-haiku-4-5", 0],
    ["anthropic/claude-sonnet-4-5", 1],
    ["anthropic/claude-opus-4-5", 2],
    ["gemini/gemini-2.5-flash", 1],
    ["gemini/gemini-2.5-pro", 2],
    ["somebody/unheard-of", 1],
  ])("%s", (deployment, rank) => {
    expect(rankOf(deployment)).toBe(rank);
  });
});

describe("signalbox init", () => {
  const env = {
    ...NO_OLLAMA,
    OPENAI_API_KEY: "x",
    ANTHROPIC_API_KEY: "",
    GEMINI_API_KEY: "",
    MISTRAL_API_KEY: "",
  };

  it("writes a file that `check` takes and `route` decides by", async () => {
    const out = join(folder, "new.yaml");
    const { code, stdout } = await runCli(["init", "--preset", "coding-agents", "--out", out], { env });
    expect(code).toBe(0);
    expect(stdout).toContain("simple (gpt-5-nano), medium (gpt-5-mini), complex (gpt-5.1)");
    expect((await runCli(["check", out], { env })).code).toBe(0);
    const routed = await runCli(["route", "--json", "--config", out, "--model", "claude-x", "hello"], {
      env,
    });
    expect(JSON.parse(routed.stdout)).toMatchObject({ method: "pattern", model: "gpt-5-nano" });
  });

  it("says where nothing was found, and not where a key is set", async () => {
    const of = (name: string, key: string) =>
      runCli(["init", "--out", join(folder, name)], { env: { ...env, OPENAI_API_KEY: key } });
    expect((await of("of-nothing.yaml", "")).stdout).toContain(
      "None of OPENAI_API_KEY, ANTHROPIC_API_KEY, GEMINI_API_KEY, MISTRAL_API_KEY is set and no Ollama runs here",
    );
    expect((await of("of-a-key.yaml", "x")).stdout).not.toContain("None of");
  });

  it("names the schema where it is, and lets read the file who may read its source", async () => {
    const [from, out] = [join(folder, "private.yaml"), join(folder, "from-private.yaml")];
    writeFileSync(from, LITELLM, { mode: 0o600 });
    const { stdout } = await runCli(["init", "--from", from, "--out", out], { env });
    const modeOf = (file: string) => statSync(file).mode & 0o777;
    expect(modeOf(out)).toBe(0o600);
    expect(stdout).toContain("put `include: [from-private.yaml]` into");
    const [, schemaPath = ""] = /\$schema=(.+)/.exec(readFileSync(out, "utf8")) ?? [];
    expect(readFileSync(join(folder, schemaPath), "utf8")).toContain('"gateway.yaml of Signalbox"');
    const open = join(folder, "open.yaml");
    await runCli(["init", "--out", open], { env });
    expect(modeOf(open)).toBe(0o666 & ~process.umask());
  });

  it("takes the models of included files too, and says what is to be done in each", async () => {
    mkdirSync(join(folder, "parts"), { recursive: true });
    const model = (name: string, of: string) =>
      `model_list: [{model_name: ${name}, litellm_params: {model: ${of}}}]\n`;
    const from = join(folder, "main.yaml");
    const parts = ["parts/one.yaml", "parts/two.yaml"];
    writeFileSync(from, "include: [parts/one.yaml, gateway.yaml]\nlitellm_settings: {drop_params: true}\n");
    writeFileSync(join(folder, "parts/one.yaml"), `include: [two.yaml]\n${model("big", "openai/gpt-5.1")}`);
    writeFileSync(
      join(folder, "parts/two.yaml"),
      `include: [one.yaml]\n${model("little", "openai/gpt-5-nano")}`,
    );
    const init = (name: string) =>
      runCli(["init", "--from", "main.yaml", "--out", name], { env, cwd: folder });
    const { stdout } = await init("gateway.yaml");
    expect(stdout).toContain("simple (little), complex (big)");
    expect(stdout).toContain(`take model_list out of ${parts.join(" and ")}, and add callback`);
    rmSync(join(folder, "gateway.yaml"));
    writeFileSync(from, "include: [./parts/one.yaml, ./gateway.yaml]\nmodel_list:\n");
    expect((await init("gateway.yaml")).stdout).toContain(
      `take model_list out of ${parts.join(" and ")}, and add callback`,
    );
    rmSync(join(folder, "gateway.yaml"));
    writeFileSync(from, "include: [parts/one.yaml]\n");
    expect((await init("gateway.yaml")).stdout).toContain(
      ", add gateway.yaml to `include` of main.yaml, and",
    );
    writeFileSync(from, "include: [gone.yaml]\n");
    expect((await init("other.yaml")).stderr).toContain("Cannot read gone.yaml: found ENOENT");
  });

  it("overwrites nothing and exits with 2", async () => {
    const out = join(folder, "there.yaml");
    writeFileSync(out, "mine");
    const { code, stderr } = await runCli(["init", "--out", out], { env });
    expect([code, readFileSync(out, "utf8")]).toEqual([2, "mine"]);
    expect(stderr).toContain("found a file there");
  });

  it.each([
    ["is not there", null],
    ["has no model_list", "a: 1"],
    [
      "has wildcards only",
      'model_list: [{model_name: "*", litellm_params: {model: "*", api_key: sk-canary}}]',
    ],
    ["is no YAML", "{sk-canary"],
  ])("exits with 2 where the configuration %s, without a word of it", async (_title, text) => {
    const from = join(folder, "odd.yaml");
    rmSync(from, { force: true });
    if (text !== null) writeFileSync(from, text);
    const { code, stderr } = await runCli(["init", "--from", from, "--out", join(folder, "odd-out.yaml")], {
      env,
    });
    expect(code).toBe(2);
    expect(stderr).not.toContain("canary");
  });
});

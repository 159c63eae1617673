import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { readFences } from "../support/markdown.ts";
import { act, recover } from "./support/act.ts";
import { callOf, wireModel } from "./support/calls.ts";
import { layOutConfig } from "./support/commands.ts";
import { freePort } from "./support/listen.ts";
import { startLitellm } from "./support/litellm.ts";
import { promptOf, type TierName } from "./support/prompts.ts";

const DOCS = resolve(import.meta.dirname, "../../docs/litellm-classifier.md");
const masterKey = "sk-systemone-master";

/** Models of the documentation, and those of the fixture that stand for them. */
const models = { "local-small": "small", "gpt-5-mini": "medium", "claude-opus": "large" };

let folder = "";
let url = "";
let stop = async () => {};

/** A LiteLLM with the configuration that the documentation shows, and no callback. */
beforeAll(async () => {
  const { providerUrl, sidecarUrl, sidecarSecret } = inject("stack");
  folder = await mkdtemp(join(tmpdir(), "signalbox-systemone-"));
  await layOutConfig(folder);
  const [shown] = readFences(await readFile(DOCS, "utf8")).filter(({ language }) => language === "yaml");
  let config = (shown?.text ?? "").replace("http://127.0.0.1:4100", sidecarUrl);
  for (const [name, group] of Object.entries(models)) config = config.replaceAll(name, group);
  await writeFile(join(folder, "litellm-config.yaml"), config);
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  stop = await startLitellm({
    folder,
    port,
    env: {
      E2E_OPENAI_BASE: `${providerUrl}/v1`,
      E2E_ANTHROPIC_BASE: providerUrl,
      LITELLM_MASTER_KEY: masterKey,
      SIGNALBOX_SECRET: sidecarSecret,
    },
  });
});

afterAll(async () => {
  await stop();
  await recover();
  await rm(folder, { recursive: true, force: true });
});

async function askSmart(path: string, prompt: string): Promise<number> {
  const response = await fetch(`${url}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${masterKey}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "smart", max_tokens: 77, messages: [{ role: "user", content: prompt }] }),
  });
  await response.text();
  return response.status;
}

describe("complexity_router of LiteLLM with POST /v1/systemone", () => {
  test.each(["/v1/chat/completions", "/v1/messages"])(
    "serves %s by the tier of gateway.yaml",
    async (path) => {
      const served: [TierName, string][] = [
        ["simple", "small"],
        ["medium", "medium"],
        ["complex", "large"],
      ];
      for (const [tier, group] of served) {
        const { prompt, marker } = promptOf(tier);
        expect(await askSmart(path, prompt)).toBe(200);
        expect((await callOf(marker)).model).toBe(wireModel(group));
      }
    },
  );

  test("serves by LiteLLM's own heuristic while the sidecar is away", async () => {
    await act("stop");
    const { prompt, marker } = promptOf("complex");
    expect(await askSmart("/v1/chat/completions", prompt)).toBe(200);
    expect((await callOf(marker)).model).not.toBe(wireModel("large"));
  });
});

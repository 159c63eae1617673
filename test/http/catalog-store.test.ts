import { describe, expect, it } from "vitest";
import { catalogSchema, createCatalogStore } from "../../src/http/catalog-store.ts";
import { compileGlob } from "../../src/policy/glob.ts";

describe("createCatalogStore()", () => {
  it("takes a canned answer for the model that it stands in for", () => {
    const store = createCatalogStore(compileGlob);
    const models = [
      { name: "small", deployment: "canned/ollama_chat/qwen3:4b" },
      { name: "large", deployment: "anthropic/claude-opus-4-5" },
    ];
    store.replace(catalogSchema.parse({ revision: "r1", models }));
    const deployments = store
      .current()
      ?.models.values()
      .map(({ deployment }) => deployment);
    expect([...(deployments ?? [])]).toEqual(["ollama_chat/qwen3:4b", "anthropic/claude-opus-4-5"]);
  });
});

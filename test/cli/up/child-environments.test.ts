import { describe, expect, it } from "vitest";
import { litellmEnvironment, sidecarEnvironment } from "../../../src/cli/up/child-environments.ts";

const env = {
  PATH: "/bin",
  OPENAI_API_KEY: "sk",
  AWS_SECRET_ACCESS_KEY: "aws",
  OLLAMA_BASE_URL: "http://ollama",
  LITELLM_MASTER_KEY: "sk-master",
  SIGNALBOX_ADMIN_SECRET: "admin",
  DATABASE_URL: "postgres://log",
};

describe("sidecarEnvironment()", () => {
  it("hands over no key of a provider and not LiteLLM's master key", () => {
    const given = sidecarEnvironment(env, [], {});
    expect(Object.keys(given).sort()).toEqual(["DATABASE_URL", "PATH", "SIGNALBOX_ADMIN_SECRET"]);
  });

  it("hands over what routing names, and lets the settings of the run win", () => {
    const given = sidecarEnvironment(env, ["OLLAMA_BASE_URL"], { DATABASE_URL: "postgres://embedded" });
    expect(given).toMatchObject({ OLLAMA_BASE_URL: "http://ollama", DATABASE_URL: "postgres://embedded" });
  });
});

describe("litellmEnvironment()", () => {
  it("keeps the log's database and the admin secret from LiteLLM, also by way of .env", () => {
    const given = litellmEnvironment(env, {});
    expect(given).not.toHaveProperty("DATABASE_URL");
    expect(given).not.toHaveProperty("SIGNALBOX_ADMIN_SECRET");
    expect(given).toMatchObject({ OPENAI_API_KEY: "sk", PYTHON_DOTENV_DISABLED: "true" });
  });

  it("uses the price list that LiteLLM brings, unless told otherwise", () => {
    expect(litellmEnvironment({}, {}).LITELLM_LOCAL_MODEL_COST_MAP).toBe("True");
    const told = litellmEnvironment({ LITELLM_LOCAL_MODEL_COST_MAP: "False" }, {});
    expect(told.LITELLM_LOCAL_MODEL_COST_MAP).toBe("False");
  });
});

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { keepSidecar } from "../../../src/cli/up/keep-sidecar.ts";
import { followRoutingVariables } from "../../../src/cli/up/routing-variables.ts";
import { sidecarService } from "../../../src/cli/up/services.ts";
import { POLICY } from "../../support/sidecar-app.ts";
import { until } from "../../support/until.ts";
import { UP_PLAN } from "../../support/up-plan.ts";

/** Stands in for the sidecar: writes down what it was given, a line for each start, and runs. */
const PROGRAM = `import { appendFileSync } from "node:fs";
appendFileSync(process.env.SIGNALBOX_STATE_DIR + "/starts", Object.keys(process.env).join() + "\\n");
setInterval(() => {}, 1e6);
`;

const env = { PATH: process.env.PATH, OPENAI_API_KEY: "sk", OLLAMA_URL: "http://127.0.0.1:9", EMPTY: "" };

let folder: string;
let gatewayFile: string;
let said: string[];
let stop: () => Promise<void>;

const starts = () => readFileSync(join(folder, "starts"), "utf8").trimEnd().split("\n");

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "signalbox-sidecar-"));
  gatewayFile = join(folder, "gateway.yaml");
  writeFileSync(gatewayFile, POLICY);
  writeFileSync(join(folder, "starts"), "");
  mkdirSync(join(folder, "src", "cli"), { recursive: true });
  writeFileSync(join(folder, "package.json"), '{"type": "module"}');
  writeFileSync(join(folder, "src", "cli", "signalbox.ts"), PROGRAM);
  said = [];
  const plan = {
    ...UP_PLAN,
    gatewayFile,
    stateDir: folder,
    logsDir: join(folder, "logs"),
    namedInRouting: followRoutingVariables(gatewayFile),
  };
  const options = {
    plan,
    env,
    root: folder,
    terminal: { line: (text: string) => said.push(text), status() {} },
  };
  const service = sidecarService(options, null);
  stop = keepSidecar({ ...options, service, first: service.start(), launch: service.start });
  await until(() => starts()[0] !== "");
});

afterEach(async () => {
  await stop();
  rmSync(folder, { recursive: true });
});

describe("keepSidecar()", () => {
  it("starts the sidecar anew with a variable that routing has come to name, and gives it no other", async () => {
    expect(starts()[0]).not.toContain("OLLAMA_URL");
    const llm = "{strategy: cascade, llm: {api_base: os.environ/OLLAMA_URL}}";
    writeFileSync(gatewayFile, POLICY.replace("{strategy: static}", llm));
    await until(() => starts().length === 2);
    expect(starts()[1]).toContain("OLLAMA_URL");
    expect(starts()[1]).not.toContain("OPENAI_API_KEY");
    expect(said).toEqual([
      "routing names OLLAMA_URL by now, which the sidecar was started without: starting it anew.",
    ]);
  });
});

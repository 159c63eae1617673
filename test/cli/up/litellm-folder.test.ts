import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import {
  includesAnotherGateway,
  type LitellmFolder,
  writeDemoFolder,
  writePartialFolder,
} from "../../../src/cli/up/litellm-folder.ts";

const root = mkdtempSync(join(tmpdir(), "signalbox-folder-"));
afterAll(() => rmSync(root, { recursive: true }));

const file = (name: string, text: string): string => {
  const path = join(root, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
};

const sources = {
  gatewayFile: file(
    "gateway.yaml",
    `model_list:
  - {model_name: ready, litellm_params: {model: openai/a, api_key: sk-written-down}}
  - {model_name: waiting, litellm_params: {model: openai/b, api_key: os.environ/NEVER_SET}}
`,
  ),
  litellmConfigFile: file("litellm-config.yaml", "include: [elsewhere.yaml]\n"),
  callbackFolder: dirname(file("callback/signalbox.py", "# the callback\n")),
};

describe.each([
  ["writePartialFolder()", (options: LitellmFolder) => writePartialFolder(options, {})],
  ["writeDemoFolder()", writeDemoFolder],
] as const)("%s", (name, write) => {
  const folder = join(root, "state", name.replace("()", ""));
  const config = write({ folder, ...sources });

  it("makes a folder that nobody else can look into: a key may stand in gateway.yaml", () => {
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it("writes a config that includes the gateway.yaml beside it, with the callback", () => {
    expect(config).toBe(join(folder, "litellm-config.yaml"));
    expect(readFileSync(config, "utf8")).toMatch(/include:\s*(\[ ?|- )gateway\.yaml/);
    expect(existsSync(join(folder, "callback", "signalbox.py"))).toBe(true);
  });

  it("keeps what else the user's config includes, in its order and where it lies", () => {
    const litellmConfigFile = file(
      "several.yaml",
      "include: [keys/auth.yaml, gateway.yaml, /etc/more.yaml]\n",
    );
    const several = write({ folder: join(root, "several"), ...sources, litellmConfigFile });
    expect(parse(readFileSync(several, "utf8")).include).toEqual([
      join(root, "keys", "auth.yaml"),
      "gateway.yaml",
      "/etc/more.yaml",
    ]);
  });
});

describe("a gateway.yaml of another name, beside a litellm-config.yaml that includes gateway.yaml", () => {
  const gatewayFile = file("team.yaml", readFileSync(sources.gatewayFile, "utf8"));
  const config = (name: string, include: string) => file(name, `include: ${include}\n`);
  const shipped = {
    ...sources,
    gatewayFile,
    litellmConfigFile: config("shipped.yaml", "[gateway.yaml, x.yaml]"),
  };

  it("stands in its place", () => {
    const written = writePartialFolder({ folder: join(root, "team"), ...shipped }, {});
    expect(parse(readFileSync(written, "utf8")).include).toEqual(["gateway.yaml", join(root, "x.yaml")]);
  });

  it("includesAnotherGateway() says so, and nothing of a config that includes the file or none", () => {
    expect(includesAnotherGateway(shipped)).toBe(true);
    const own = config("own.yaml", "[team.yaml, gateway.yaml]");
    expect(includesAnotherGateway({ ...shipped, litellmConfigFile: own })).toBe(false);
    expect(includesAnotherGateway({ ...shipped, litellmConfigFile: config("none.yaml", "[]") })).toBe(false);
    expect(includesAnotherGateway({ ...shipped, gatewayFile: sources.gatewayFile })).toBe(false);
  });
});

it("writePartialFolder() leaves out what has no key", () => {
  writePartialFolder({ folder: join(root, "left"), ...sources }, {});
  const text = readFileSync(join(root, "left", "gateway.yaml"), "utf8");
  expect(text).toContain("ready");
  expect(text).not.toContain("waiting");
});

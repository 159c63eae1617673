import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type Document, isMap, isSeq, parseDocument, type YAMLMap } from "yaml";

export interface DemoFolder {
  /** Folder that is made anew. */
  readonly folder: string;
  /** The user's gateway.yaml. */
  readonly gatewayFile: string;
  /** The litellm-config.yaml to start from. */
  readonly litellmConfigFile: string;
  /** Folder of the callback, copied. */
  readonly callbackFolder: string;
}

const CANNED_PROVIDER = "canned_provider.py";

/**
 * Writes a folder for LiteLLM in which every model answers with a canned text that names it. Names and
 * routing stay as they are, so requests are routed as with the real models.
 *
 * @returns the path of the folder's litellm-config.yaml.
 */
export function writeDemoFolder(options: DemoFolder): string {
  const { folder } = options;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(options.callbackFolder, join(folder, basename(options.callbackFolder)), {
    recursive: true,
    filter: (path) => !["tests", "__pycache__"].includes(basename(path)),
  });
  cpSync(new URL(CANNED_PROVIDER, import.meta.url), join(folder, CANNED_PROVIDER));
  const gateway = readFileSync(options.gatewayFile, "utf8");
  writeFileSync(join(folder, "gateway.yaml"), toDemoGateway(gateway));
  const config = join(folder, "litellm-config.yaml");
  writeFileSync(config, toDemoConfig(readFileSync(options.litellmConfigFile, "utf8")));
  return config;
}

/** Gives every entry of `model_list` the canned provider in place of its own; the rest of the text stays. */
export function toDemoGateway(text: string): string {
  const document = parseDocument(text);
  const list = document.get("model_list");
  if (!isSeq(list)) return text;
  for (const entry of list.items) {
    if (isMap(entry)) makeCanned(document, entry);
  }
  return String(document);
}

function makeCanned(document: Document, entry: YAMLMap): void {
  const deployment = String(entry.getIn(["litellm_params", "model"]));
  entry.set("litellm_params", document.createNode({ model: `canned/${deployment}` }));
}

/** Adds the provider to the user's litellm-config.yaml and lets it include the folder's own gateway.yaml. */
export function toDemoConfig(text: string): string {
  const document = parseDocument(text);
  document.set("include", ["gateway.yaml"]);
  document.setIn(
    ["litellm_settings", "custom_provider_map"],
    [{ provider: "canned", custom_handler: "canned_provider.provider" }],
  );
  return String(document);
}

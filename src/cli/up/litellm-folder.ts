import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { parseDocument } from "yaml";
import { z } from "zod";
import { CANNED_PROVIDER } from "../../http/catalog-store.ts";
import { toCannedModels, toUsableModels } from "./model-list-edit.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export interface LitellmFolder {
  /** Folder that is made anew. */
  readonly folder: string;
  /** The user's gateway.yaml. */
  readonly gatewayFile: string;
  /** The litellm-config.yaml to start from. */
  readonly litellmConfigFile: string;
  /** Folder of the callback, copied. */
  readonly callbackFolder: string;
}

const PROVIDER_FILE = "canned_provider.py";
const OWN_GATEWAY = "gateway.yaml";

const including = z.object({ include: z.array(z.string()) }).catch({ include: [] });

/**
 * Writes a folder for LiteLLM in which every model answers with a canned text that names it. Names and
 * routing stay as they are, so requests are routed as with the real models.
 *
 * @returns the path of the folder's litellm-config.yaml.
 */
export function writeDemoFolder(options: LitellmFolder): string {
  const config = writeFolder(options, toCannedModels, (text) => toDemoConfig(text, options));
  cpSync(new URL(PROVIDER_FILE, import.meta.url), join(options.folder, PROVIDER_FILE));
  return config;
}

/**
 * Writes a folder for LiteLLM without the models whose keys are not set: LiteLLM does not know them then, and
 * so nothing is routed to them.
 *
 * @returns the path of the folder's litellm-config.yaml.
 */
export function writePartialFolder(options: LitellmFolder, env: Environment): string {
  const editConfig = (text: string) => includeOwnGateway(text, options);
  return writeFolder(options, (text) => toUsableModels(text, env), editConfig);
}

function writeFolder(
  options: LitellmFolder,
  editGateway: (text: string) => string,
  editConfig: (text: string) => string,
): string {
  const { folder, gatewayFile, litellmConfigFile, callbackFolder } = options;
  rmSync(folder, { recursive: true, force: true });
  // A key may be written down in gateway.yaml, whose owner may have kept it to themselves.
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  cpSync(callbackFolder, join(folder, basename(callbackFolder)), {
    recursive: true,
    filter: (path) => !["tests", "__pycache__"].includes(basename(path)),
  });
  writeFileSync(join(folder, OWN_GATEWAY), editGateway(readFileSync(gatewayFile, "utf8")));
  const config = join(folder, "litellm-config.yaml");
  writeFileSync(config, editConfig(readFileSync(litellmConfigFile, "utf8")));
  return config;
}

/**
 * Whether litellm-config.yaml includes a gateway.yaml beside it, and not the file of another name that is the user's: left
 * as it is, LiteLLM would serve the models of one file and the sidecar route to those of the other.
 */
export function includesAnotherGateway(
  sources: Pick<LitellmFolder, "gatewayFile" | "litellmConfigFile">,
): boolean {
  const { gatewayFile, litellmConfigFile } = sources;
  if (basename(gatewayFile) === OWN_GATEWAY) return false;
  const { files, gateway } = readIncludes(parseDocument(readFileSync(litellmConfigFile, "utf8")), sources);
  return gateway !== gatewayFile && files.includes(gateway);
}

/** Puts the folder's gateway.yaml in the place of the user's. What else is included stays where it lies. */
function includeOwnGateway(text: string, sources: LitellmFolder): string {
  const document = parseDocument(text);
  const { files, gateway } = readIncludes(document, sources);
  const included = files.map((file) => (file === gateway ? OWN_GATEWAY : file));
  document.set("include", included.includes(OWN_GATEWAY) ? included : [OWN_GATEWAY, ...included]);
  return String(document);
}

/** The files that are included, and which of them stands for the user's gateway.yaml, whatever its name. */
function readIncludes(
  document: ReturnType<typeof parseDocument>,
  { gatewayFile, litellmConfigFile }: Pick<LitellmFolder, "gatewayFile" | "litellmConfigFile">,
) {
  const folder = dirname(litellmConfigFile);
  const files = including.parse(document.toJS()).include.map((entry) => resolve(folder, entry));
  return { files, gateway: files.includes(gatewayFile) ? gatewayFile : join(folder, OWN_GATEWAY) };
}

/** Adds the provider of canned answers to the user's litellm-config.yaml. */
function toDemoConfig(text: string, options: LitellmFolder): string {
  const document = parseDocument(includeOwnGateway(text, options));
  document.setIn(
    ["litellm_settings", "custom_provider_map"],
    [{ provider: CANNED_PROVIDER, custom_handler: "canned_provider.provider" }],
  );
  return String(document);
}

import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { automaticName } from "../../policy/automatic-name.ts";
import type { Policy } from "../../policy/policy.ts";
import type { Settings } from "../../settings.ts";
import { CliError, EXIT } from "../cli-error.ts";
import { loadUntoldOrFail } from "../policy-file.ts";
import { checkPorts } from "./free-port.ts";
import { keptSecret } from "./kept-secret.ts";
import { includesAnotherGateway, writeDemoFolder, writePartialFolder } from "./litellm-folder.ts";
import { findModelKeys, type ModelKeys } from "./model-list.ts";
import { followRoutingVariables } from "./routing-variables.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** What `signalbox up` will run, once everything that people can get wrong has been looked at. */
export interface Plan {
  readonly gatewayFile: string;
  /** The litellm-config.yaml that LiteLLM is started with. */
  readonly litellmConfigFile: string;
  /** Reads a gateway.yaml that has changed since, and gives the litellm-config.yaml to start LiteLLM with now. */
  readonly layOutConfig: () => string;
  /** Digest of the `model_list` that LiteLLM is started with. */
  readonly modelListRevision: string;
  /** Folder of the user's litellm-config.yaml, where LiteLLM finds Python modules that it names. */
  readonly litellmCwd: string;
  readonly stateDir: string;
  readonly logsDir: string;
  readonly demo: boolean;
  readonly keys: ModelKeys;
  /** Gives the variables that `routing` refers to by now. */
  readonly namedInRouting: () => readonly string[];
  readonly logEnabled: boolean;
  /** What people are shown to ask for. */
  readonly exampleModel: string;
  readonly masterKey: string;
  readonly sidecarSecret: string;
  readonly sidecarHost: string;
  readonly sidecarPort: number;
  readonly sidecarSocket: string | null;
  readonly litellmPort: number;
}

export interface PlanOptions {
  readonly settings: Settings;
  readonly env: Environment;
  /** Folder of the project, with callback/ and the litellm-config.yaml that ships. */
  readonly root: string;
  /** Canned answers also where keys are set. */
  readonly demo: boolean;
}

export const LITELLM_HOST = "127.0.0.1";

/**
 * Looks at files, ports and keys, before anything is started.
 *
 * @throws {CliError} naming what is wrong.
 */
export async function makePlan({ settings, env, root, demo }: PlanOptions): Promise<Plan> {
  const gatewayFile = resolve(settings.SIGNALBOX_CONFIG);
  const policy = loadUntoldOrFail(settings.SIGNALBOX_CONFIG);
  const stateDir = resolve(settings.SIGNALBOX_STATE_DIR);
  const litellmConfigFile = findLitellmConfig(gatewayFile, root);
  const sources = { stateDir, gatewayFile, litellmConfigFile, root, env, demo };
  return {
    gatewayFile,
    ...layOutConfig(sources),
    layOutConfig: () => layOutConfig(sources).litellmConfigFile,
    modelListRevision: policy.modelListRevision,
    namedInRouting: followRoutingVariables(gatewayFile),
    litellmCwd: dirname(litellmConfigFile),
    stateDir,
    logsDir: join(stateDir, "logs"),
    logEnabled: policy.collector.enabled,
    exampleModel: automaticName(policy) ?? fallbackModel(policy),
    masterKey: settings.LITELLM_MASTER_KEY ?? keptSecret(join(stateDir, "litellm-master-key"), "sk-"),
    sidecarSecret: settings.SIGNALBOX_SECRET?.[0] ?? keptSecret(join(stateDir, "signalbox-secret")),
    // LiteLLM runs in another folder, and takes absolute paths only.
    sidecarSocket: settings.SIGNALBOX_SOCKET === undefined ? null : resolve(settings.SIGNALBOX_SOCKET),
    ...(await choosePorts(settings)),
  };
}

function fallbackModel({ tiers, fallbackTier }: Policy): string {
  return tiers.find(({ name }) => name === fallbackTier)?.models[0]?.model ?? "auto";
}

/** Reads gateway.yaml as it is now and writes what LiteLLM is to read. */
function layOutConfig(sources: ConfigSources) {
  const gatewayText = readFileSync(sources.gatewayFile, "utf8");
  const keys = findModelKeys(gatewayText, sources.env);
  const demo = sources.demo || keys.noneUsable;
  const litellmConfigFile = chooseConfig({ ...sources, demo }, keys);
  return { litellmConfigFile, keys, demo };
}

/** @throws {CliError} where there is no gateway.yaml: then nothing may be written into this folder. */
export function refuseMissingGateway({ SIGNALBOX_CONFIG: asNamed }: Settings): void {
  const file = resolve(asNamed);
  if (existsSync(file)) return;
  throw new CliError(
    EXIT.misused,
    `Cannot start: found no ${asNamed} (${file}), expected the file that lists your models and tiers.\n` +
      "Run this in the folder that holds it, or set SIGNALBOX_CONFIG to its path.",
  );
}

/** LiteLLM's own settings lie beside gateway.yaml, which they include by that name. */
function findLitellmConfig(gatewayFile: string, root: string): string {
  const beside = join(dirname(gatewayFile), "litellm-config.yaml");
  if (existsSync(beside)) return beside;
  throw new CliError(
    EXIT.misused,
    `Cannot start: found no litellm-config.yaml beside ${gatewayFile}, expected LiteLLM's settings there.\n` +
      `Copy ${join(root, "litellm-config.yaml")} and the folder ${join(root, "callback")} beside it.`,
  );
}

interface ConfigSources {
  readonly stateDir: string;
  readonly gatewayFile: string;
  readonly litellmConfigFile: string;
  readonly root: string;
  readonly env: Environment;
  readonly demo: boolean;
}

/** The user's own config where every model has its key and it includes this file, else one made for what there is. */
function chooseConfig(sources: ConfigSources, keys: ModelKeys): string {
  const { stateDir, gatewayFile, litellmConfigFile } = sources;
  const folder = join(stateDir, sources.demo ? "demo" : "partial");
  const made = { folder, gatewayFile, litellmConfigFile, callbackFolder: join(sources.root, "callback") };
  if (sources.demo) return writeDemoFolder(made);
  const isWhole = keys.unusable.length === 0 && !includesAnotherGateway(made);
  return isWhole ? litellmConfigFile : writePartialFolder(made, sources.env);
}

async function choosePorts({ SIGNALBOX_HOST, SIGNALBOX_PORT, SIGNALBOX_SOCKET, LITELLM_PORT }: Settings) {
  const litellm = {
    purpose: "LiteLLM",
    variable: "LITELLM_PORT",
    host: LITELLM_HOST,
    port: LITELLM_PORT,
  };
  const sidecar = {
    purpose: "the sidecar",
    variable: "SIGNALBOX_PORT",
    host: SIGNALBOX_HOST,
    port: SIGNALBOX_PORT,
  };
  const wanted = SIGNALBOX_SOCKET === undefined ? [litellm, sidecar] : [litellm];
  const [litellmPort = LITELLM_PORT, sidecarPort = SIGNALBOX_PORT] = await checkPorts(wanted);
  return { sidecarHost: SIGNALBOX_HOST, sidecarPort, litellmPort };
}

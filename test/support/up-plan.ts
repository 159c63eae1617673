import type { Plan } from "../../src/cli/up/plan.ts";

/** A plan of `signalbox up` in which nothing is special. */
export const UP_PLAN: Plan = {
  layOutConfig: () => "/p/litellm-config.yaml",
  modelListRevision: "",
  gatewayFile: "/p/gateway.yaml",
  litellmConfigFile: "/p/litellm-config.yaml",
  litellmCwd: "/p",
  stateDir: "/p/.signalbox",
  logsDir: "/p/.signalbox/logs",
  demo: false,
  keys: { names: [], missing: [], unusable: [], noneUsable: false },
  namedInRouting: () => [],
  logEnabled: true,
  exampleModel: "auto",
  masterKey: "sk",
  sidecarSecret: "s",
  sidecarHost: "127.0.0.1",
  sidecarPort: 4100,
  sidecarSocket: null,
  litellmPort: 4000,
};

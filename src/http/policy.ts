import { z } from "zod";
import { formatProblem } from "../policy/load.ts";
import type { Policy, Problem } from "../policy/policy.ts";
import type { Reloaded, ReloadStatus } from "../policy/watch/policy-keeper.ts";
import { type Endpoint, readEndpoint } from "./endpoint.ts";
import { HttpError } from "./http-error.ts";

/** What the API needs of the policy's keeper. */
export interface PolicyControl {
  status(): ReloadStatus;
  reload(trigger: "api"): Promise<Reloaded>;
  /** LiteLLM has read `model_list`. */
  modelListTaken(): void;
}

export interface PolicyDeps {
  readonly policyControl: PolicyControl;
  readonly policy: () => Policy;
}

const reloadedSchema = z.object({
  result: z.enum(["applied", "unchanged"]),
  revision: z.string().describe("Of the policy that is in force now"),
});

/** POST /v1/reload. */
export function policyEndpoints({ policyControl, policy }: PolicyDeps): Endpoint[] {
  return [
    readEndpoint(
      {
        method: "post",
        path: "/v1/reload",
        scopes: ["admin"],
        summary:
          "Read gateway.yaml again; where it has errors they are told with 422, and the old policy stays",
        waits: true,
      },
      {
        reply: reloadedSchema,
        handle: async () => {
          const { result, problems } = await policyControl.reload("api");
          if (result === "refused") throw refused("reload", problems);
          return { result, revision: policy().revision };
        },
      },
    ),
  ];
}

/** Most problems of gateway.yaml that one answer names; GET /v1/status names more. */
const MAX_TOLD = 5;

function refused(action: string, problems: readonly Problem[]): HttpError {
  const told = problems.slice(0, MAX_TOLD).map(formatProblem);
  const left = problems.length - told.length;
  const rest = left > 0 ? `; and ${left} more, see GET /v1/status` : "";
  return new HttpError("unprocessable", `Cannot ${action}: ${told.join("; ")}${rest}`);
}

import type { Logger } from "pino";
import { z } from "zod";
import { formatProblem } from "../policy/load.ts";
import type { Policy, Problem } from "../policy/policy.ts";
import type { Change, ReadResult, WriteResult } from "../policy/watch/policy-file.ts";
import type { Reloaded, ReloadStatus } from "../policy/watch/policy-keeper.ts";
import { bodyEndpoint, type Caller, type Endpoint, readEndpoint } from "./endpoint.ts";
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
  readonly policyFile: {
    read(): Promise<ReadResult>;
    write(change: Change): Promise<WriteResult>;
  };
  readonly policy: () => Policy;
  /** Gets an entry for each change that was made. */
  readonly audit: Pick<Logger, "info">;
}

const revision = z.string().describe("Of the policy that is in force now");

const reloadedSchema = z.object({ result: z.enum(["applied", "unchanged"]), revision });

const policySchema = z.object({
  revision: z.string().describe("Of the file as it is; send it as `If-Match` with a change"),
  in_force: z.boolean().describe("Whether decisions are made by it"),
  routing: z.record(z.string(), z.json()).describe("As it is written, `os.environ/NAME` not filled in"),
});

const changeSchema = z.strictObject({
  routing: z.record(z.string(), z.json()).describe("The whole section as it is to be"),
});

/** What reads and changes the policy. */
export function policyEndpoints(deps: PolicyDeps): Endpoint[] {
  const head = { path: "/v1/policy", scopes: ["admin"], waits: true } as const;
  return [
    readEndpoint(
      { ...head, method: "get", summary: "The routing section of gateway.yaml" },
      { reply: policySchema, handle: () => readPolicy(deps) },
    ),
    bodyEndpoint(
      {
        ...head,
        method: "put",
        summary:
          "Write the routing section into gateway.yaml, whose comments stay, and put it in force. `If-Match` names the revision that was read, or `*`; the file before is kept as gateway.yaml.bak",
        maxBodyBytes: MAX_POLICY_BYTES,
      },
      {
        body: changeSchema,
        reply: reloadedSchema,
        handle: ({ routing }, caller) => changePolicy(routing, caller, deps),
      },
    ),
    readEndpoint(
      {
        method: "post",
        path: "/v1/reload",
        scopes: ["admin"],
        summary:
          "Read gateway.yaml again; where it has errors they are told with 422, and the old policy stays",
        waits: true,
      },
      { reply: reloadedSchema, handle: () => reload(deps) },
    ),
  ];
}

/** As gateway.yaml itself, in bytes. */
const MAX_POLICY_BYTES = 1024 * 1024;

async function readPolicy({ policyFile, policy }: PolicyDeps): Promise<z.input<typeof policySchema>> {
  const result = await policyFile.read();
  if (result.kind === "refused") throw refused("read the policy", result.problems);
  const routing = changeSchema.shape.routing.parse(result.routing);
  return { revision: result.revision, in_force: result.revision === policy().revision, routing };
}

async function reload({ policyControl, policy }: PolicyDeps): Promise<z.input<typeof reloadedSchema>> {
  const { result, problems } = await policyControl.reload("api");
  if (result === "refused") throw refused("reload", problems);
  return { result, revision: policy().revision };
}

async function changePolicy(
  routing: Change["routing"],
  { ifMatch, requestId, address }: Caller,
  deps: PolicyDeps,
): Promise<z.input<typeof reloadedSchema>> {
  if (ifMatch === null) {
    throw new HttpError(
      "precondition_required",
      "Cannot change the policy: expected If-Match with its revision, or *",
    );
  }
  const result = await deps.policyFile.write({ routing, revision: ifMatch === "*" ? null : ifMatch });
  if (result.kind !== "written") throw toHttpError(result);
  const { from, to } = result;
  deps.audit.info({ event: "policy_changed", from, to, requestId, address });
  return reload(deps);
}

function toHttpError(result: Exclude<WriteResult, { kind: "written" }>): HttpError {
  switch (result.kind) {
    case "refused":
      return refused("change the policy", result.problems);
    case "stale":
      return new HttpError(
        "precondition_failed",
        "Cannot change the policy: found another revision in gateway.yaml, expected the one of If-Match",
      );
    case "unwritable":
      return new HttpError(
        "conflict",
        `Cannot change the policy: gateway.yaml cannot be written here (${result.reason}), expected a file and a folder of the sidecar's own`,
      );
    default:
      return result satisfies never;
  }
}

/** Most problems of gateway.yaml that one answer names; GET /v1/status names more. */
const MAX_TOLD = 5;

function refused(action: string, problems: readonly Problem[]): HttpError {
  const told = problems.slice(0, MAX_TOLD).map(formatProblem);
  const left = problems.length - told.length;
  const rest = left > 0 ? `; and ${left} more` : "";
  return new HttpError("unprocessable", `Cannot ${action}: ${told.join("; ")}${rest}`);
}

import { z } from "zod";
import type { LlmStatus } from "../classify/llm/llm-classifier.ts";
import type { ModelHealth } from "../decide/model-health.ts";
import { explanationSchema } from "../explain/explanation-json.ts";
import type { LogReader } from "../log/log-reader.ts";
import type { RecorderStatus } from "../log/recorder.ts";
import { envelopeSchema } from "../request/envelope-schema.ts";
import { type CatalogStore, catalogReplySchema, catalogSchema, MAX_CATALOG_BYTES } from "./catalog-store.ts";
import { loggedDecisionEndpoints } from "./decisions.ts";
import {
  bodyEndpoint,
  type Endpoint,
  hotEndpoint,
  readEndpoint,
  textEndpoint,
  toAnswer,
} from "./endpoint.ts";
import { feedbackEndpoints, type TakeFeedback } from "./feedback.ts";
import { HttpError } from "./http-error.ts";
import { METRICS_TYPE, type Metrics } from "./metrics.ts";
import { describeHealth } from "./model-health.ts";
import { openApi } from "./openapi.ts";
import type { OutcomeIntake } from "./outcome-intake.ts";
import { outcomeEndpoints } from "./outcomes.ts";
import { type PolicyControl, type PolicyDeps, policyEndpoints } from "./policy.ts";
import { routeReplySchema } from "./route-reply.ts";
import type { Router, Snapshot } from "./router.ts";
import { statsEndpoints } from "./stats.ts";
import { describeStatus, statusSchema } from "./status.ts";
import { systemoneEndpoints } from "./systemone/systemone.ts";

export interface EndpointDeps {
  readonly router: Router;
  readonly catalog: CatalogStore;
  readonly snapshot: () => Snapshot;
  readonly logStatus: () => RecorderStatus;
  readonly outcomes: OutcomeIntake;
  readonly takeFeedback: TakeFeedback;
  /** null where nothing is logged. */
  readonly logReader: LogReader | null;
  readonly now: () => Date;
  /** How models did lately, by name. */
  readonly health: () => ReadonlyMap<string, ModelHealth>;
  readonly policyControl: PolicyControl;
  readonly policyFile: PolicyDeps["policyFile"];
  readonly audit: PolicyDeps["audit"];
  /** Keys of gateway.yaml that take effect at the next start only. */
  readonly restartKeys: () => string[];
  /** null where the policy asks no LLM. */
  readonly llmStatus: () => LlmStatus | null;
  readonly metrics: Metrics;
  readonly version: string;
  readonly startedAt: Date;
}

const okSchema = z.object({ status: z.literal("ok") });
const simulationSchema = routeReplySchema.extend({
  trace: z.array(z.looseObject({ step: z.string() })).describe("The steps in the order in which they ran"),
  input_tokens: z.int().describe("Estimated input of the request"),
  estimated_cost_usd: z.number().nullable(),
  ...explanationSchema.shape,
});

/** The answer of POST /v1/simulate. */
export type SimulationReply = z.output<typeof simulationSchema>;

/** Every endpoint of the API, in the order of its documentation. */
export function createEndpoints(deps: EndpointDeps): Endpoint[] {
  const endpoints = [
    ...decisionEndpoints(deps),
    ...outcomeEndpoints(deps.outcomes),
    ...feedbackEndpoints(deps.takeFeedback),
    ...loggedDecisionEndpoints(deps.logReader),
    ...statsEndpoints({ reader: deps.logReader, snapshot: deps.snapshot, now: deps.now }),
    ...catalogEndpoints(deps),
    ...policyEndpoints({ ...deps, policy: () => deps.snapshot().policy }),
    ...systemoneEndpoints({ router: deps.router, policy: () => deps.snapshot().policy }),
    ...stateEndpoints(deps),
  ];
  // Made once: it takes as long as 50 decisions, and anybody may ask for it.
  let described: ReturnType<typeof openApi> | null = null;
  const document: Endpoint = readEndpoint(
    { method: "get", path: "/openapi.json", scopes: ["open"], summary: "This API as an OpenAPI document" },
    {
      reply: z.looseObject({ openapi: z.string() }),
      handle: () => {
        described ??= openApi([...endpoints, document], deps.version);
        return described;
      },
    },
  );
  return [...endpoints, document];
}

function decisionEndpoints({ router, metrics }: EndpointDeps): Endpoint[] {
  const answered = metrics.routeAnswered;
  return [
    hotEndpoint(
      {
        method: "post",
        path: "/v1/route",
        scopes: ["callback"],
        summary: "Decide where a request goes, and log it",
        answered,
      },
      // The envelope is read leniently: an older or newer callback is answered as far as it is understood.
      { body: envelopeSchema, reply: routeReplySchema, handle: (body) => router.route(body) },
    ),
    {
      method: "post",
      path: "/v1/simulate",
      scopes: ["admin"],
      summary: "Decide without logging, with every step, and what would have led to another decision",
      params: null,
      query: null,
      body: envelopeSchema,
      reply: simulationSchema,
      hot: null,
      handle: ({ body }) => toAnswer(router.explain(body)),
    },
  ];
}

function catalogEndpoints({ catalog, health, policyControl }: EndpointDeps): Endpoint[] {
  const replaced = z.object({ revision: z.string(), models: z.int() });
  return [
    bodyEndpoint(
      {
        method: "put",
        path: "/v1/catalog",
        scopes: ["callback"],
        summary: "Replace the catalogue of LiteLLM's models",
        maxBodyBytes: MAX_CATALOG_BYTES,
      },
      {
        body: catalogSchema,
        reply: replaced,
        handle: (body) => {
          catalog.replace(body);
          policyControl.modelListTaken();
          return { revision: body.revision, models: body.models.length };
        },
      },
    ),
    readEndpoint(
      {
        method: "get",
        path: "/v1/catalog",
        scopes: ["callback", "admin"],
        summary: "The models that LiteLLM serves, and how each did lately",
      },
      {
        reply: catalogReplySchema,
        handle: () => {
          const sent = catalog.sent();
          if (sent === null)
            throw new HttpError("not_found", "Cannot answer: the callback has sent no catalogue yet");
          const lately = health();
          const models = sent.models.map((model) => {
            return { ...model, health: describeHealth(lately.get(model.name)) };
          });
          return { ...sent, models };
        },
      },
    ),
  ];
}

function stateEndpoints(deps: EndpointDeps): Endpoint[] {
  const ok = { status: "ok" } as const;
  return [
    readEndpoint(
      {
        method: "get",
        path: "/v1/status",
        scopes: ["admin"],
        summary: "Policy, classifier, log and callback at a glance",
      },
      { reply: statusSchema, handle: () => describeStatus(deps) },
    ),
    textEndpoint(
      {
        method: "get",
        path: "/metrics",
        scopes: ["admin"],
        summary: "What the process counts, for Prometheus",
        contentType: METRICS_TYPE,
      },
      { reply: z.string(), handle: () => deps.metrics.text() },
    ),
    readEndpoint(
      { method: "get", path: "/healthz/live", scopes: ["open"], summary: "The process answers" },
      { reply: okSchema, handle: () => ok },
    ),
    readEndpoint(
      {
        method: "get",
        path: "/healthz/ready",
        scopes: ["open"],
        summary: "Questions are answered; the log may be away",
      },
      { reply: okSchema, handle: () => ok },
    ),
  ];
}

import { z } from "zod";
import type { Catalog } from "../decide/catalog.ts";
import type { EmbeddingStatus } from "../log/embedding/embedding-filler.ts";
import type { MaintenanceStatus } from "../log/maintenance.ts";
import type { TableFlow } from "../log/outbox/table-log.ts";
import type { OutboxStatus } from "../log/recorder.ts";
import { formatProblem } from "../policy/load.ts";
import type { Policy } from "../policy/policy.ts";
import { alarmsOf } from "./alarms.ts";
import type { EndpointDeps } from "./endpoints.ts";

const flowSchema = z.object({
  accepted: z.int().describe("Since the start, and what an earlier process left waiting"),
  stored: z.int(),
  waiting: z.int(),
  dropped: z.record(z.string(), z.int()).describe("By reason"),
});

/** The answer of GET /v1/status. */
export const statusSchema = z.object({
  version: z.string(),
  started_at: z.iso.datetime(),
  alarms: z
    .array(z.string())
    .describe("What to look at now: those of the log, and what the rest says is wrong"),
  policy: z.object({
    revision: z.string(),
    mode: z.enum(["enforce", "shadow", "off"]),
    access: z.enum(["strict", "virtual_name"]),
    tiers: z.array(z.object({ name: z.string(), low: z.int(), high: z.int(), models: z.array(z.string()) })),
    warnings: z.array(z.string()).describe("What is legal in gateway.yaml but surely not meant"),
    last_errors: z
      .array(z.string())
      .describe("Why the newest gateway.yaml is not in force; empty where it is"),
    last_success_at: z.iso.datetime().describe("When gateway.yaml was last read without an error"),
    reloads: z
      .object({ applied: z.int(), unchanged: z.int(), refused: z.int() })
      .describe("Times that gateway.yaml was read again since the start"),
    restart_needed: z
      .array(z.string())
      .describe("Keys of gateway.yaml that changed and take effect at the next start of the sidecar only"),
  }),
  classifier: z.object({
    configured: z.enum(["static", "ml", "llm", "cascade"]),
    revision: z.string(),
    instead: z.string().nullable().describe("Why another classifier than the configured one decides"),
    llm: z
      .object({
        state: z.enum(["starting", "ready", "away"]),
        trouble: z.string().nullable().describe("Why it is away, and the command that mends it"),
        outcomes: z
          .record(z.string(), z.int())
          .describe("Opinions by where they came from (model, cache, shared), and by why there was none"),
        cost_usd: z.number().describe("Of all answers whose cost is known"),
      })
      .nullable()
      .describe("The model that is asked beside it; null where none is"),
  }),
  log: z
    .object({
      decisions: flowSchema,
      outcomes: flowSchema,
      feedback: flowSchema,
      last_error: z.string().nullable().describe("What the database last said; null where it works"),
      outbox: z
        .object({
          bytes: z.int(),
          max_bytes: z.int(),
          segments: z.int(),
          oldest_at: z.iso.datetime().nullable().describe("When the oldest row that waits came, about"),
          disk_error: z.string().nullable().describe("What the disk last said; null where it works"),
        })
        .nullable()
        .describe("Rows on the disk; null where nothing is logged"),
      maintenance: z
        .object({
          last_run_at: z.iso.datetime().nullable(),
          partitions_ahead: z.int().nullable().describe("Days after today that have their partitions"),
          default_rows: z.int().nullable().describe("Rows in the default partitions, which must be empty"),
          last_error: z.string().nullable(),
        })
        .nullable()
        .describe("How the database is kept; null where nothing is logged"),
      embeddings: z
        .object({
          embedded: z.int(),
          refused: z.int().describe("Texts that the model did not take"),
          last_error: z.string().nullable().describe("Why none are made now; null where they are"),
        })
        .nullable()
        .describe("null where none are made"),
      alarms: z.array(z.string()).describe("What to look at now of the log"),
    })
    .describe("In each table: accepted = stored + waiting + the sum of dropped"),
  callback: z.object({
    last_question_at: z.iso.datetime().nullable(),
    answered: z.record(z.string(), z.int()).describe("Questions since the start, by method"),
    unknown_fields: z.int().describe("Fields that this version does not know: the callback is newer"),
    catalog_revision: z.string().nullable(),
    litellm_version: z.string().nullable(),
    self_test: z.object({ ok: z.boolean(), missing: z.array(z.string()) }).nullable(),
    outcomes: z
      .object({
        accepted: z.int(),
        refused: z.int(),
        skipped: z.int().describe("About none of our decisions"),
        lost: z.int().describe("Given up by a callback before they reached this process"),
      })
      .describe("Reports since the start"),
    restart_litellm: z
      .array(z.string())
      .describe(
        "Models of gateway.yaml that LiteLLM does not know yet, or serves by another deployment. Those that `npm start` left out for want of a key are among them: they need the key, then a restart",
      ),
    model_list_changed_at: z.iso
      .datetime()
      .nullable()
      .describe("When model_list changed, where LiteLLM has not started since: restart it"),
  }),
});

export type Status = z.input<typeof statusSchema>;

/** Gathers what GET /v1/status shows. */
export function describeStatus(deps: EndpointDeps): Status {
  const { policy, classifierRevision, instead } = deps.snapshot();
  const status = {
    version: deps.version,
    started_at: deps.startedAt.toISOString(),
    policy: {
      revision: policy.revision,
      mode: policy.mode,
      access: policy.access,
      tiers: policy.tiers.map(({ name, low, high, models }) => {
        return { name, low, high, models: models.map(({ model }) => model) };
      }),
      warnings: policy.warnings.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`)),
      ...describeReloads(deps),
    },
    classifier: {
      configured: policy.classifier.strategy,
      revision: classifierRevision,
      instead,
      llm: describeLlm(deps),
    },
    log: describeLog(deps),
    callback: describeCallback(deps),
  };
  return { ...status, alarms: alarmsOf(status) };
}

function describeReloads({ policyControl, restartKeys }: EndpointDeps) {
  const { problems, lastSuccessAt, counts } = policyControl.status();
  return {
    last_errors: problems.map(formatProblem),
    last_success_at: lastSuccessAt.toISOString(),
    reloads: { ...counts },
    restart_needed: restartKeys(),
  };
}

function describeLlm({ llmStatus }: EndpointDeps): Status["classifier"]["llm"] {
  const status = llmStatus();
  if (status === null) return null;
  const { state, trouble, outcomes, costUsd } = status;
  return { state, trouble, outcomes: { ...outcomes }, cost_usd: costUsd };
}

function describeLog({ logStatus }: EndpointDeps): Status["log"] {
  const { tables, lastError, outbox, maintenance, embeddings, alarms } = logStatus();
  return {
    decisions: describeFlow(tables.routing_logs),
    outcomes: describeFlow(tables.routing_outcomes),
    feedback: describeFlow(tables.routing_feedback),
    last_error: lastError,
    outbox: outbox && describeOutbox(outbox),
    maintenance: maintenance && describeMaintenance(maintenance),
    embeddings: embeddings && describeEmbeddings(embeddings),
    alarms: [...alarms],
  };
}

function describeFlow({ accepted, stored, waiting, dropped }: TableFlow): Status["log"]["decisions"] {
  return { accepted, stored, waiting, dropped: { ...dropped } };
}

function describeOutbox({ bytes, maxBytes, segments, oldestAt, diskError }: OutboxStatus) {
  const oldest_at = oldestAt?.toISOString() ?? null;
  return { bytes, max_bytes: maxBytes, segments, oldest_at, disk_error: diskError };
}

function describeMaintenance({ lastRunAt, partitionsAhead, defaultRows, lastError }: MaintenanceStatus) {
  const last_run_at = lastRunAt?.toISOString() ?? null;
  return { last_run_at, partitions_ahead: partitionsAhead, default_rows: defaultRows, last_error: lastError };
}

function describeEmbeddings({ embedded, refused, lastError }: EmbeddingStatus) {
  return { embedded, refused, last_error: lastError };
}

function describeCallback(deps: EndpointDeps): Status["callback"] {
  const { router, catalog, snapshot, outcomes, policyControl } = deps;
  const { answered, unknownFields, lastQuestionAt } = router.counts();
  const sent = catalog.sent();
  return {
    last_question_at: lastQuestionAt?.toISOString() ?? null,
    answered: { ...answered },
    unknown_fields: unknownFields,
    catalog_revision: sent?.revision ?? null,
    litellm_version: sent?.litellm_version ?? null,
    self_test: sent?.self_test ?? null,
    outcomes: { ...outcomes.counts() },
    restart_litellm: modelsToLoad(snapshot().policy, catalog.current()),
    model_list_changed_at: policyControl.status().modelListChangedAt?.toISOString() ?? null,
  };
}

/** What LiteLLM serves otherwise than gateway.yaml says; a deployment that is not known is taken to be the same. */
function modelsToLoad({ models }: Policy, catalog: Catalog | null): string[] {
  if (catalog === null) return [];
  return Array.from(models.values())
    .filter(({ name, deployment }) => {
      const served = catalog.models.get(name);
      return served === undefined || (served.deployment !== null && served.deployment !== deployment);
    })
    .map(({ name }) => name);
}

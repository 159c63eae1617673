import { z } from "zod";
import { createCatalogStore } from "../src/http/catalog-store.ts";
import { bodyLimit, type Endpoint } from "../src/http/endpoint.ts";
import { createEndpoints } from "../src/http/endpoints.ts";
import { ERROR_STATUS } from "../src/http/http-error.ts";
import { fieldsOf } from "../src/http/query.ts";
import { compileGlob } from "../src/policy/glob.ts";

interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly anyOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
}

const SECRETS = `Three secrets open three scopes, each sent as \`Authorization: Bearer …\`: \`callback\` is SIGNALBOX_SECRET, \`feedback\`
SIGNALBOX_FEEDBACK_SECRET, \`admin\` SIGNALBOX_ADMIN_SECRET. A scope without a secret is open to this machine alone, and then the
Host and Origin headers must name a loopback address; on any other address it is closed.`;

const ANSWERS = `Every answer carries \`X-Request-ID\` (the caller's own, where it is a plain word of at most 64 characters) and, where
the request could be read, \`X-Response-Time\`.`;

const METRICS = `## GET /metrics

Prometheus' text format. Labels hold names of methods, tables and reasons, never a model, a user or a text.

| metric | type | meaning |
|---|---|---|
| \`signalbox_decisions_total{method}\` | counter | Questions that were answered with a decision |
| \`signalbox_route_duration_seconds\` | histogram | Time of POST /v1/route in the process, from its head to its answer |
| \`signalbox_llm_opinions_total{outcome}\` | counter | Opinions of the LLM classifier by where they came from (\`model\`, \`cache\`, \`shared\`), and by why there was none |
| \`signalbox_llm_ready\` | gauge | 1 while the LLM classifier may be asked |
| \`signalbox_log_rows_total{table,state,reason}\` | counter | Rows of the log: \`accepted\`, \`stored\`, or \`dropped\` for a reason |
| \`signalbox_log_waiting_rows{table}\` | gauge | Rows that wait for the database; accepted = stored + waiting + dropped |
| \`signalbox_policy_reloads_total{result}\` | counter | Times that gateway.yaml was read again: \`applied\`, \`unchanged\`, or \`refused\` for its errors |
| \`signalbox_policy_last_success_timestamp_seconds\` | gauge | When it was last read without an error |
| \`signalbox_policy_info{revision}\` | gauge | The policy in force, always 1 |

and prom-client's own of the process: memory, processor time, garbage collection, the event loop's lag.`;

/** Writes docs/api.md from the list of endpoints that the server is made of. */
export function apiDocs(): string {
  const endpoints = describedEndpoints();
  const rows = endpoints.map(({ method, path, scopes, summary }) => {
    return `| ${method.toUpperCase()} ${path} | ${scopes.join(", ")} | ${summary} |`;
  });
  const head = [
    "# HTTP API of the sidecar",
    "",
    "<!-- Written by scripts/generate-docs.ts from the schemas that the server validates with. -->",
    "",
    "The same as an OpenAPI document: `GET /openapi.json`. `GET /dashboard` is a page for people that shows it.",
    "",
    "| method, path | scope | what |",
    "|---|---|---|",
    ...rows,
    "",
    SECRETS,
    "",
    ...errorDocs(endpoints),
  ];
  const described = endpoints.filter(({ path }) => path.startsWith("/v1/")).flatMap(endpointDocs);
  return `${[...head, ...described, "", METRICS].join("\n")}\n`;
}

function errorDocs(endpoints: readonly Endpoint[]): string[] {
  const kinds = Object.entries(ERROR_STATUS).map(([type, status]) => `${status} ${type}`);
  const larger = endpoints
    .filter(({ maxBodyBytes }) => maxBodyBytes !== undefined)
    .map((endpoint) => `of ${endpoint.method.toUpperCase()} ${endpoint.path} ${sizeOf(endpoint)}`);
  return [
    `Errors are \`{"error": {"type", "message"}}\`, of these kinds: ${kinds.join(", ")}.`,
    "After `unavailable` ask again when the time in `Retry-After` is over.",
    "",
    `A body has at most ${sizeOf({})}, that ${larger.join(", ")}; a larger one is \`payload_too_large\`.`,
    "",
    ANSWERS,
  ];
}

/** The largest body of an endpoint, in words. */
function sizeOf(endpoint: Pick<Endpoint, "maxBodyBytes">): string {
  const kib = bodyLimit(endpoint) / 1024;
  return kib < 1024 ? `${kib} KiB` : `${kib / 1024} MiB`;
}

/** The server's own list; nobody calls what would answer. */
function describedEndpoints(): Endpoint[] {
  const unused = () => {
    throw new Error("Cannot answer: found a call, expected the endpoints to be described only");
  };
  const router = { route: unused, simulate: unused, explain: unused, counts: unused };
  const catalog = createCatalogStore(compileGlob);
  const outcomes = { take: unused, addLost: unused, counts: unused };
  const state = {
    snapshot: unused,
    llmStatus: unused,
    logStatus: unused,
    outcomes,
    takeFeedback: unused,
    logReader: null,
    now: unused,
    health: unused,
    policyControl: { status: unused, reload: unused, modelListTaken: unused },
    policyFile: { read: unused, write: unused },
    audit: { info: unused },
    restartKeys: unused,
  };
  const metrics = { routeAnswered: unused, text: unused };
  return createEndpoints({ router, catalog, ...state, metrics, version: "", startedAt: new Date(0) });
}

function endpointDocs(endpoint: Endpoint): string[] {
  const { method, path, summary, params, query, body, reply, successStatus } = endpoint;
  return [
    "",
    `## ${method.toUpperCase()} ${path}`,
    "",
    `${summary}.`,
    ...fieldsTable("Parameters of the path:", params),
    ...fieldsTable("Query, no other field is taken:", query),
    ...(body === null ? [] : ["", "Body:", "", ...fieldTable(body, "input")]),
    "",
    successStatus === undefined ? "Answer:" : `Answer, status ${successStatus}:`,
    "",
    ...fieldTable(reply, "output"),
  ];
}

function fieldsTable(title: string, schema: z.ZodObject | null): string[] {
  const rows = fieldsOf(schema).map(({ name, required, json }) => {
    const field: JsonSchema = JSON.parse(JSON.stringify(json));
    return `| \`${name}\` | ${typeOf(field)}${required ? "" : ", optional"} | ${meaningOf(field)} |`;
  });
  return rows.length === 0 ? [] : ["", title, "", "| field | type | meaning |", "|---|---|---|", ...rows];
}

function fieldTable(schema: z.ZodType, io: "input" | "output"): string[] {
  const json: JsonSchema = JSON.parse(JSON.stringify(z.toJSONSchema(schema, { io, unrepresentable: "any" })));
  const rows = [json, ...(json.anyOf ?? [])].flatMap((form) => fieldRows(form, ""));
  return ["| field | type | meaning |", "|---|---|---|", ...rows];
}

function fieldRows(schema: JsonSchema, prefix: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = `${prefix}${name}`;
    const required = schema.required?.includes(name) === true ? "" : ", optional";
    const row = `| \`${path}\` | ${typeOf(field)}${required} | ${meaningOf(field)} |`;
    return [row, ...nestedRows(field, path)];
  });
}

function nestedRows(field: JsonSchema, path: string): string[] {
  const options = [field, ...(field.anyOf ?? [])];
  return options.flatMap((option) => {
    if (option.items?.properties !== undefined) return fieldRows(option.items, `${path}[].`);
    return fieldRows(option, `${path}.`);
  });
}

function typeOf(schema: JsonSchema): string {
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(" or ");
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(typeOf))].join(" or ");
  if (schema.type === "array") return `list of ${typeOf(schema.items ?? {})}`;
  const type = typeof schema.type === "string" ? schema.type : (schema.type?.join(" or ") ?? "any");
  return type;
}

function meaningOf(schema: JsonSchema): string {
  const nested = schema.anyOf?.find(({ description }) => description !== undefined)?.description;
  return schema.description ?? nested ?? "";
}

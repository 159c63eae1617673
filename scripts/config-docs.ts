import { z } from "zod";
import { routingSchema } from "../src/policy/schema.ts";
import { settingsSchema } from "../src/settings.ts";

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** A key of a file: where it stands, and what it takes. */
interface Key {
  readonly path: string;
  readonly schema: JsonSchema;
  readonly required: boolean;
}

const HEAD = `# Configuration

<!-- Written by scripts/generate-docs.ts from the schemas that the program validates with. -->

Two kinds, never mixed: **gateway.yaml** says which models there are and how requests are routed, the **environment**
says where things are and which secrets open them. \`signalbox check [file]\` tells every problem of a gateway.yaml at
once, each with its line; an unknown key is an error.

## gateway.yaml: model_list

LiteLLM's own format. Signalbox reads the three keys below and throws the rest away unread; keys and URLs are LiteLLM's.

| key | type | default | meaning |
|---|---|---|---|
| \`model_list[].model_name\` | text | required | Name that clients and \`routing\` use. With a \`*\` in it, a wildcard of LiteLLM's own, or the backing of the pattern of the same name. |
| \`model_list[].litellm_params.model\` | text | required | What LiteLLM calls, \`openai/gpt-5-mini\` for one. |
| \`model_list[].model_info\` | mapping | \`{}\` | Overrides of price, context window and capabilities. |

An entry named like an alias or a pattern is its **backing**: what LiteLLM lists, and serves while Signalbox is away. It never
makes the name a model of its own. No other section may stand beside \`model_list\` and \`routing\`. LiteLLM's \`include\` joins lists, such as
\`model_list\`, but of any other section the included file's replaces that of litellm-config.yaml whole: LiteLLM's settings belong there.

## gateway.yaml: routing

A text \`os.environ/VAR\` stands for a variable; one that is not set or empty is an error, except for the two \`api_base\`, where
it switches the part off, and with it the need of a key. Signalbox's own secrets (\`DATABASE_URL\`, \`PGPASSWORD\`, the \`SIGNALBOX_*_SECRET\`s) cannot
be named; any other variable of the sidecar's can, by whoever may change the policy. Anchors, aliases and tags of YAML are not taken. The keys of
\`classifier.static\` may also stand directly under \`classifier\`, as BSGateway writes them.

| key | type | default | meaning |
|---|---|---|---|`;

const ENVIRONMENT = `
## Environment

Every variable is optional. \`npm start\` reads them from \`.env\` too. The callback inside LiteLLM has its own, listed at the
top of callback/signalbox.py.

| variable | type | default | meaning |
|---|---|---|---|`;

/** docs/configuration.md, written from the schemas of gateway.yaml and of the environment. */
export function configDocs(): string {
  const routing = keysOf("routing", z.toJSONSchema(routingSchema, { io: "input" })).filter(isNoShorthand);
  const variables = keysOf("", z.toJSONSchema(settingsSchema, { io: "input", unrepresentable: "any" }));
  return `${[HEAD, ...routing.map(row), ENVIRONMENT, ...variables.map(row)].join("\n")}\n`;
}

/** Each key below a schema, a mapping before its own keys. */
function keysOf(path: string, schema: JsonSchema): readonly Key[] {
  const prefix = path === "" ? "" : `${path}.`;
  const named = Object.entries(schema.properties ?? {}).flatMap(([name, child]) =>
    withKeys({
      path: `${prefix}${name}`,
      schema: toSchema(child),
      required: schema.required?.includes(name) ?? false,
    }),
  );
  const free = typeof schema.additionalProperties === "object" ? branches(schema.additionalProperties) : [];
  return [...named, ...free.flatMap((branch) => keysOf(`${prefix}<name>`, branch))];
}

function withKeys(key: Key): readonly Key[] {
  const { items } = key.schema;
  const branchesOfItems = Array.isArray(items) ? [] : branches(toSchema(items));
  return [
    key,
    ...keysOf(key.path, key.schema),
    ...branchesOfItems.flatMap((branch) => keysOf(`${key.path}[]`, branch)),
  ];
}

/** BSGateway's places of the static settings are told in words. */
const isNoShorthand = ({ path }: Key) =>
  !/^routing\.classifier\.(weights|token_thresholds|complex_keywords|simple_keywords|floors)\b/.test(path);

const branches = (schema: JsonSchema): readonly JsonSchema[] => schema.anyOf?.map(toSchema) ?? [schema];

function toSchema(schema: JsonSchema | boolean | undefined): JsonSchema {
  return typeof schema === "object" ? schema : {};
}

function row({ path, schema, required }: Key): string {
  const cells = [`\`${path}\``, typeOf(schema), defaultOf(schema, required), schema.description ?? ""];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function typeOf(schema: JsonSchema): string {
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(" | ");
  if (schema.anyOf) return schema.anyOf.map((branch) => typeOf(toSchema(branch))).join(" or ");
  if (schema.prefixItems) return `list of ${schema.prefixItems.length}`;
  if (schema.type === "array") return listOf(schema);
  if (schema.type === "object") return "mapping";
  if (schema.type === "integer" || schema.type === "number") return `${schema.type}${boundsOf(schema)}`;
  return schema.type === "boolean" ? "`true` | `false`" : "text";
}

function listOf({ items, maxItems }: JsonSchema): string {
  if (maxItems === 0) return "empty list";
  return Array.isArray(items) ? "list" : `list of ${plural(typeOf(toSchema(items)))}`;
}

/** "text or mapping" as the items of a list. */
const plural = (type: string) =>
  type
    .split(" or ")
    .map((branch) => (branch === "text" || branch === "mapping" ? `${branch}s` : branch))
    .join(" or ");

function boundsOf({ minimum, exclusiveMinimum, maximum }: JsonSchema): string {
  if (maximum === undefined) return "";
  if (exclusiveMinimum !== undefined) return ` above ${exclusiveMinimum}, at most ${maximum}`;
  return minimum === undefined ? "" : `, ${minimum}..${maximum}`;
}

function defaultOf(schema: JsonSchema, required: boolean): string {
  if (required) return "required";
  const isSection = schema.type === "object" && schema.properties !== undefined;
  return schema.default === undefined || isSection ? "" : `\`${JSON.stringify(schema.default)}\``;
}

import { z } from "zod";
import { routingSchema } from "../src/policy/schema.ts";

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** LiteLLM's own format: only what Signalbox reads of it is told, the rest is free. */
const MODEL_LIST = {
  type: "array",
  description: "Models in LiteLLM's own format. Keys are named as os.environ/NAME, never written down.",
  items: {
    type: "object",
    required: ["model_name", "litellm_params"],
    properties: {
      model_name: { type: "string", minLength: 1, description: "Name that clients and `routing` use." },
      litellm_params: {
        type: "object",
        required: ["model"],
        properties: {
          model: {
            type: "string",
            minLength: 1,
            description: "What LiteLLM calls, openai/gpt-5-mini for one.",
          },
        },
      },
      model_info: { description: "Overrides of price, context window and capabilities." },
    },
  },
};

const VARIABLE: JsonSchema = { type: "string", pattern: "^os\\.environ/.+" };

/** gateway.schema.json, for editors: the schema of gateway.yaml as the loader has it, but for what needs the whole file. */
export function gatewaySchema(): string {
  const { $schema, ...routing } = z.toJSONSchema(routingSchema, {
    io: "input",
    unrepresentable: "any",
    override: ({ jsonSchema }) => allowVariable(jsonSchema),
  });
  const schema = {
    $schema,
    title: "gateway.yaml of Signalbox",
    type: "object",
    additionalProperties: false,
    required: ["routing"],
    properties: { model_list: MODEL_LIST, routing },
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** In `routing` a text os.environ/NAME may stand for any single value. */
function allowVariable(schema: JsonSchema): void {
  const { description, default: preset, ...value } = schema;
  const isFree = value.type === "string" && value.pattern === undefined && value.enum === undefined;
  const isSingle = ["string", "number", "integer", "boolean"].includes(String(value.type));
  if (!isSingle || isFree) return;
  for (const key of Object.keys(value)) Reflect.deleteProperty(schema, key);
  schema.anyOf = [value, VARIABLE];
}

import { z } from "zod";
import type { Endpoint } from "./endpoint.ts";
import { fieldsOf } from "./query.ts";

interface OpenApiDocument {
  readonly openapi: string;
  readonly [key: string]: unknown;
}

const ERROR_SCHEMA = z.object({ error: z.object({ type: z.string(), message: z.string() }) });

/** Describes the endpoints as an OpenAPI 3.1 document, from the schemas that the server itself uses. */
export function openApi(endpoints: readonly Endpoint[], version: string): OpenApiDocument {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const endpoint of endpoints) {
    paths[endpoint.path] = { ...paths[endpoint.path], [endpoint.method]: operation(endpoint) };
  }
  return {
    openapi: "3.1.0",
    info: { title: "Signalbox", version, license: { name: "Apache-2.0", identifier: "Apache-2.0" } },
    paths,
    components: {
      securitySchemes: Object.fromEntries(
        ["callback", "feedback", "admin"].map((scope) => [scope, { type: "http", scheme: "bearer" }]),
      ),
    },
  };
}

function operation(endpoint: Endpoint): Record<string, unknown> {
  const { scopes, summary, body, reply, contentType, successStatus = 200 } = endpoint;
  const open = scopes.includes("open");
  const parameters = [...parametersIn("path", endpoint.params), ...parametersIn("query", endpoint.query)];
  return {
    summary,
    ...(open ? {} : { security: scopes.map((scope) => ({ [scope]: [] })) }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === null ? {} : { requestBody: { required: true, content: jsonContent(body, "input") } }),
    responses: {
      [successStatus]: { description: summary, content: content(reply, { io: "output", contentType }) },
      default: { description: "An error", content: jsonContent(ERROR_SCHEMA, "output") },
    },
  };
}

function parametersIn(place: "path" | "query", schema: z.ZodObject | null): Record<string, unknown>[] {
  return fieldsOf(schema).map(({ name, required, json }) => {
    const { description, ...rest } = json;
    return {
      name,
      in: place,
      required,
      ...(description === undefined ? {} : { description }),
      schema: rest,
    };
  });
}

function jsonContent(schema: z.ZodType, io: "input" | "output"): Record<string, unknown> {
  return content(schema, { io, contentType: undefined });
}

function content(
  schema: z.ZodType,
  { io, contentType }: { readonly io: "input" | "output"; readonly contentType: string | undefined },
): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return { [contentType ?? "application/json"]: { schema: rest } };
}

import { z } from "zod";
import type { Endpoint } from "./endpoint.ts";

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

function operation({ scopes, summary, body, reply }: Endpoint): Record<string, unknown> {
  const open = scopes.includes("open");
  return {
    summary,
    ...(open ? {} : { security: scopes.map((scope) => ({ [scope]: [] })) }),
    ...(body === null ? {} : { requestBody: { required: true, content: jsonContent(body, "input") } }),
    responses: {
      200: { description: summary, content: jsonContent(reply, "output") },
      default: { description: "An error", content: jsonContent(ERROR_SCHEMA, "output") },
    },
  };
}

function jsonContent(schema: z.ZodType, io: "input" | "output"): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return { "application/json": { schema: rest } };
}

import type { Logger } from "pino";
import type { CheckAccess } from "./access.ts";
import type { Endpoint } from "./endpoint.ts";

/** What the HTTP API is made of. */
export interface ApiOptions {
  readonly endpoints: readonly Endpoint[];
  readonly checkAccess: CheckAccess;
  readonly logger: Logger;
}

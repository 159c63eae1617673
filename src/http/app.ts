import type { RequestListener } from "node:http";
import type { ApiOptions } from "./api-options.ts";
import { createExpressApp } from "./express-app.ts";
import { createHotPath } from "./hot-path.ts";

/** The HTTP API: Express serves it, but for the calls of the hot path, which it would make twice as dear. */
export function createApp(options: ApiOptions): RequestListener {
  return createHotPath({ ...options, rest: createExpressApp(options) });
}

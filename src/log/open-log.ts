import { migrate } from "./migrate.ts";
import { createPostgresRecorder, type PostgresRecorderOptions } from "./postgres-recorder.ts";
import type { Recorder } from "./recorder.ts";

/**
 * Opens the log: brings the schema up to date in the background, then writes. Returns at once, also where
 * the database is away; each new connection looks at the schema again.
 */
export function openLog(options: Omit<PostgresRecorderOptions, "prepare">): Recorder {
  const { logger } = options;
  const onProgress = (message: string) => logger.info({ event: "migration", message });
  return createPostgresRecorder({ ...options, prepare: (client) => migrate(client, { onProgress }) });
}

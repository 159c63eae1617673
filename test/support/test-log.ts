import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openLog } from "../../src/log/open-log.ts";
import type { Recorder } from "../../src/log/recorder.ts";

type LogOptions = Parameters<typeof openLog>[0];

/** A folder of its own for an outbox. */
export function outboxRoot(): string {
  return join(mkdtempSync(join(tmpdir(), "signalbox-outbox-")), "outbox");
}

/** Opens a log as main.ts does, with an outbox of its own and texts as they are. */
export function openTestLog(options: Pick<LogOptions, "databaseUrl"> & Partial<LogOptions>): Recorder {
  return openLog({
    privacy: { storeText: "full", hashKey: Buffer.alloc(32, 1) },
    logger: { info: () => undefined, warn: () => undefined },
    outboxRoot: outboxRoot(),
    outboxMaxBytes: 2 ** 30,
    retentionDays: 90,
    ...options,
  });
}

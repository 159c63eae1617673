import type { CheckedFile } from "../../policy/load.ts";
import { checkInThread } from "../../policy/watch/check-in-thread.ts";
import { watchFile } from "../../policy/watch/watch-file.ts";

export interface GatewayWatch {
  readonly gatewayFile: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Called with each valid file that was written since this program began. The next call waits for its end. */
  readonly onChange: (checked: CheckedFile) => Promise<void>;
  /** As `watchFile()` has it. */
  readonly intervalMs?: number;
}

/**
 * Watches gateway.yaml. A file with an error changes nothing; the sidecar says what is wrong with it.
 *
 * @returns ends the watch.
 */
export function watchGateway({ gatewayFile: file, env, onChange, intervalMs }: GatewayWatch): () => void {
  const ended = new AbortController();
  let last: Promise<void> = Promise.resolve();
  const look = async () => {
    const result = await checkInThread({ file, env }, ended.signal);
    if (!ended.signal.aborted && result.ok) await onChange(result.checked);
  };
  const end = watchFile(file, {
    onChange: () => {
      last = last.then(look);
    },
    sinceMs: performance.timeOrigin,
    ...(intervalMs === undefined ? {} : { intervalMs }),
  });
  return () => {
    end();
    ended.abort();
  };
}

import { checkInThread } from "../../policy/watch/check-in-thread.ts";
import { watchFile } from "../../policy/watch/watch-file.ts";

export interface ModelListWatch {
  readonly gatewayFile: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Digest of the list that is in use. */
  readonly revision: string;
  /** Called with each list that is valid and another one. The next call waits for its end. */
  readonly onChange: () => Promise<void>;
  /** As `watchFile()` has it. */
  readonly intervalMs?: number;
}

/**
 * Watches the `model_list` of gateway.yaml. A file with an error changes nothing; the sidecar says what is wrong with it.
 *
 * @returns ends the watch.
 */
export function watchModelList(options: ModelListWatch): () => void {
  const { gatewayFile: file, env, onChange, intervalMs } = options;
  const ended = new AbortController();
  let { revision } = options;
  let last: Promise<void> = Promise.resolve();
  const look = async () => {
    const result = await checkInThread({ file, env }, ended.signal);
    if (ended.signal.aborted || !result.ok || result.checked.modelListRevision === revision) return;
    revision = result.checked.modelListRevision;
    await onChange();
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

import { type GatewayWatch, watchGateway } from "./gateway-watch.ts";

export interface ModelListWatch extends Omit<GatewayWatch, "onChange"> {
  /** Digest of the list that LiteLLM was started with. */
  readonly revision: string;
  /**
   * Called with each file whose list is not the one that is served. Says whether it is served now: while it is not,
   * each further file is another try.
   */
  readonly onChange: () => Promise<boolean>;
}

/**
 * Watches the `model_list` of gateway.yaml.
 *
 * @returns ends the watch.
 */
export function watchModelList({ revision, onChange, ...watch }: ModelListWatch): () => void {
  let served = revision;
  return watchGateway({
    ...watch,
    onChange: async ({ modelListRevision: found }) => {
      if (found !== served && (await onChange())) served = found;
    },
  });
}

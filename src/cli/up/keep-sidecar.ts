import type { Child } from "./child.ts";
import { watchGateway } from "./gateway-watch.ts";
import type { ServiceOptions, SidecarService } from "./services.ts";
import { supervise } from "./supervise.ts";

export interface KeptSidecar extends ServiceOptions {
  readonly service: SidecarService;
  /** The one that runs now. */
  readonly first: Child;
  /** Starts another one, and remembers it. */
  readonly launch: () => Child;
}

/**
 * Keeps the sidecar running. It reads a gateway.yaml that has changed by itself, but has only those variables that it
 * was started with: where `routing` has come to name another one that is set, it is started anew.
 *
 * @returns ends it.
 */
export function keepSidecar(options: KeptSidecar): () => Promise<void> {
  const { service, first, launch, plan, env, terminal } = options;
  const { name, stopGraceMs } = service;
  const sidecar = supervise({ name, first, restart: launch, say: terminal.line });
  const onChange = async () => {
    const lacking = service.findLacking().join(", ");
    if (lacking === "") return;
    terminal.line(
      `routing names ${lacking} by now, which the sidecar was started without: starting it anew.`,
    );
    await sidecar.restart(stopGraceMs);
  };
  const endWatch = watchGateway({ gatewayFile: plan.gatewayFile, env, onChange });
  return async () => {
    endWatch();
    await sidecar.end(stopGraceMs);
  };
}

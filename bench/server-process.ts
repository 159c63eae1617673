import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { z } from "zod";

const addressSchema = z.object({ port: z.int() });

/** A small server of the benchmark in a process of its own. */
export interface ServerProcess {
  readonly port: number;
  readonly pid: number;
  close(): void;
}

/** Starts a server of this folder that sends its address once it listens. @throws where it ends before. */
export async function startServerProcess(file: string): Promise<ServerProcess> {
  const child = fork(join(import.meta.dirname, file), { stdio: "inherit" });
  const [message] = await Promise.race([once(child, "message"), failAtExit(child, file)]);
  const { port } = addressSchema.parse(message);
  return { port, pid: pidOf(child), close: () => child.kill() };
}

async function failAtExit(child: ChildProcess, file: string): Promise<never> {
  const [code] = await once(child, "exit");
  throw new Error(`Cannot start ${file}: it ended with code ${code}`);
}

/** @throws {Error} where the process did not start. */
export function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error("Cannot measure: found no process, expected one that runs");
  return child.pid;
}

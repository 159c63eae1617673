import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { processStart } from "../../log/postgres/process-table.ts";
import { signalGroup } from "./child.ts";

/** Remembers which processes run, so that the next start finds those that a killed one left behind. */
export interface ChildRecord {
  add(name: string, pid: number | undefined): void;
  clear(): void;
}

const entries = z.array(z.object({ name: z.string(), pid: z.int().positive(), start: z.string() }));
type Entry = z.infer<typeof entries>[number];

export function openChildRecord(file: string): ChildRecord {
  let running: Entry[] = [];
  return {
    add: (name, pid) => {
      const start = pid === undefined ? null : processStart(pid);
      if (pid === undefined || start === null) return;
      running = [...running.filter(isRunning), { name, pid, start }];
      writeFileSync(file, JSON.stringify(running));
    },
    clear: () => rmSync(file, { force: true }),
  };
}

const POLL_INTERVAL_MS = 20;

/** Kills what the record of an earlier run names and still runs, waits for its end, and gives the names. */
export async function stopLeftovers(file: string): Promise<readonly string[]> {
  const left = readEntries(file).filter(isRunning);
  for (const { pid } of left) signalGroup(pid, "SIGKILL");
  while (left.some(isRunning)) await sleep(POLL_INTERVAL_MS);
  rmSync(file, { force: true });
  return left.map(({ name }) => name);
}

function isRunning({ pid, start }: Entry): boolean {
  return processStart(pid) === start;
}

function readEntries(file: string): readonly Entry[] {
  try {
    return entries.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    // Never written, or cut short by a crash: then there is nothing to go by.
    return [];
  }
}

import type { KeyObject } from "node:crypto";
import type { ClientBase } from "pg";
import { connectForCommand } from "../connect-for-command.ts";
import { refuseNewerSchema } from "../migrate.ts";
import { claimIdleSlots, type Slots, waitForSegments } from "../outbox/idle-slots.ts";
import type { LogTable } from "../recorder.ts";
import {
  decisionsIn,
  listQuarantine,
  listSegments,
  type RowFile,
  removeDecisions,
  removeRowsAbout,
  subjectsDecisions,
} from "./outbox-files.ts";
import {
  addCounts,
  countStored,
  deleteDecisions,
  lockErasing,
  type RowCounts,
  requireTables,
  storedIds,
  storedOf,
} from "./stored-rows.ts";
import { matchOf, type Subject, type SubjectMatch } from "./subject.ts";

export interface EraseOptions {
  readonly databaseUrl: string;
  /** Folder of the outbox; it need not exist. */
  readonly outboxRoot: string;
  readonly subject: Subject;
  /** Key of the log's keyed hashes; null where none was ever made. */
  readonly hashKey: KeyObject | null;
  /** How long to wait for rows that a running sidecar has on its disk, in milliseconds. */
  readonly waitMs: number;
  /** Asked before anything is removed, with the number of the subject's decisions in the database. */
  readonly confirm: (decisions: number) => Promise<boolean>;
}

/** Rows that were removed, by place and table. */
export interface Erased {
  readonly database: RowCounts;
  readonly outbox: Readonly<Record<LogTable, number>>;
  readonly quarantine: Readonly<Record<LogTable, number>>;
  /** Files of running sidecars that were not stored in time; they may hold the subject's rows. */
  readonly unreachedSegments: number;
}

/**
 * Removes a subject's decisions and all that is about them: outcomes, feedback, labels. Rows that a running sidecar
 * has on its disk are waited for and removed in the database; files that nobody writes to are rewritten.
 *
 * @returns null where it was not confirmed.
 * @throws {Error} where the database cannot be reached, another erasure is under way, or the disk refuses.
 */
export async function eraseDecisions(options: EraseOptions): Promise<Erased | null> {
  const match = matchOf(options.subject, options.hashKey);
  const connection = await connectForCommand(options.databaseUrl, "signalbox erase");
  try {
    const { client } = connection;
    await requireTables(client);
    await refuseNewerSchema(client);
    await lockErasing(client);
    if (!(await options.confirm(await countStored(client, match)))) return null;
    const slots = claimIdleSlots(options.outboxRoot);
    try {
      return await eraseEverywhere({ client, match, slots }, options);
    } finally {
      for (const slot of slots.idle) slot.release();
    }
  } finally {
    await connection.close();
  }
}

interface Work {
  readonly client: ClientBase;
  readonly match: SubjectMatch;
  readonly slots: Slots;
}

/**
 * What tells whose the rest is goes last: where this is cut short, the next time finds it again. Decisions in a file
 * are looked at before those in the database, for they are not stored meanwhile.
 */
async function eraseEverywhere(
  work: Work,
  { outboxRoot, waitMs }: Pick<EraseOptions, "outboxRoot" | "waitMs">,
): Promise<Erased> {
  const unreachedSegments = await waitForSegments(outboxRoot, work.slots.busySegments, waitMs);
  const files = [...listSegments(work.slots.idle), ...listQuarantine(outboxRoot)];
  const decisionFiles = files.filter(({ table }) => table === "routing_logs");
  const inFiles = new Set(decisionFiles.flatMap((file) => subjectsDecisions(file, work.match)));
  const none = { routing_logs: 0, routing_outcomes: 0, routing_feedback: 0 };
  const removed = { outbox: { ...none }, quarantine: { ...none } };
  for (const file of files.filter(({ table }) => table !== "routing_logs")) {
    removed[file.place][file.table] += await eraseAbout(file, inFiles, work);
  }
  const database = await eraseStored(work, [...inFiles]);
  for (const file of decisionFiles) removed[file.place].routing_logs += removeDecisions(file, work.match);
  return { database, ...removed, unreachedSegments };
}

/** Removes outcomes or feedback of decisions that are in files, or in the database. */
async function eraseAbout(
  file: RowFile,
  inFiles: ReadonlySet<string>,
  { client, match }: Work,
): Promise<number> {
  const about = decisionsIn(file);
  const stored = await storedOf(client, match, about);
  return removeRowsAbout(file, new Set([...about.filter((id) => inFiles.has(id)), ...stored]));
}

async function eraseStored({ client, match }: Work, alsoAbout: readonly string[]): Promise<RowCounts> {
  let sum = await deleteDecisions(client, alsoAbout);
  for await (const ids of storedIds(client, match)) sum = addCounts(sum, await deleteDecisions(client, ids));
  return sum;
}

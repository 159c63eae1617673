import type { KeyObject } from "node:crypto";
import type { ClientBase } from "pg";
import { connect } from "../connection.ts";
import { claimIdleSlots, type Slots, waitForSegments } from "../outbox/idle-slots.ts";
import type { LogTable } from "../recorder.ts";
import {
  decisionsIn,
  listQuarantine,
  listSegments,
  type RowFile,
  removeDecisions,
  removeRowsAbout,
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
  const connection = await connect(options.databaseUrl, "signalbox erase");
  try {
    const { client } = connection;
    await requireTables(client);
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

/** The files come first: what is in them is not stored while it is looked for. */
async function eraseEverywhere(
  work: Work,
  { outboxRoot, waitMs }: Pick<EraseOptions, "outboxRoot" | "waitMs">,
): Promise<Erased> {
  const unreachedSegments = await waitForSegments(outboxRoot, work.slots.busySegments, waitMs);
  const files = [...listSegments(work.slots.idle), ...listQuarantine(outboxRoot)];
  const removed = await eraseFiles(work, files);
  const database = await eraseStored(work, removed.ids);
  return { database, outbox: removed.outbox, quarantine: removed.quarantine, unreachedSegments };
}

interface RemovedFromFiles {
  readonly outbox: Record<LogTable, number>;
  readonly quarantine: Record<LogTable, number>;
  /** Decisions that were in the files; outcomes of theirs may be in the database. */
  readonly ids: readonly string[];
}

async function eraseFiles({ client, match }: Work, files: readonly RowFile[]): Promise<RemovedFromFiles> {
  const outbox = { routing_logs: 0, routing_outcomes: 0, routing_feedback: 0 };
  const quarantine = { ...outbox };
  const counts = { outbox, quarantine };
  const ids = new Set<string>();
  for (const file of files.filter(({ table }) => table === "routing_logs")) {
    const removed = removeDecisions(file, match);
    counts[file.place].routing_logs += removed.rows;
    for (const id of removed.ids) ids.add(id);
  }
  for (const file of files.filter(({ table }) => table !== "routing_logs")) {
    const about = decisionsIn(file);
    const theirs = new Set([...about.filter((id) => ids.has(id)), ...(await storedOf(client, match, about))]);
    counts[file.place][file.table] += removeRowsAbout(file, theirs);
  }
  return { outbox, quarantine, ids: [...ids] };
}

async function eraseStored({ client, match }: Work, alsoAbout: readonly string[]): Promise<RowCounts> {
  let sum = await deleteDecisions(client, alsoAbout);
  for await (const ids of storedIds(client, match)) sum = addCounts(sum, await deleteDecisions(client, ids));
  return sum;
}

import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { Command } from "commander";
import { type Erased, eraseDecisions } from "../log/erase/erase.ts";
import type { Subject } from "../log/erase/subject.ts";
import { hashKeyFile, loadHashKey } from "../log/hash-key.ts";
import { readSettings } from "../settings.ts";
import { CliError, EXIT } from "./cli-error.ts";
import { findDatabase } from "./database.ts";
import { parseTime } from "./parse-time.ts";

interface EraseArguments {
  readonly user?: string;
  readonly keyHash?: string;
  readonly conversation?: string;
  readonly before?: Date;
  readonly yes?: true;
  readonly json?: true;
}

/** How long rows on the disks of running sidecars are waited for, in milliseconds: usually a second is enough. */
const WAIT_MS = 15_000;

/** `signalbox erase`: removes what was logged of somebody. */
export function eraseCommand(): Command {
  return new Command("erase")
    .description("Remove what was logged of a user, a key or a conversation, and say what that was")
    .option("--user <id>", "decisions with this user_id or end_user_id")
    .option("--key-hash <hash>", "decisions of this key, as key_hash names it")
    .option("--conversation <id>", "decisions with this conversation_id")
    .option(
      "--before <time>",
      "only decisions before this time, 2026-01-31 or 2026-01-31T12:00:00Z",
      parseTime,
    )
    .option("--yes", "do not ask")
    .option("--json", "print what was removed as JSON")
    .addHelpText(
      "after",
      `
Removes the decisions, with their outcomes, feedback and labels, from the database, from what waits for it in
the state folder (SIGNALBOX_STATE_DIR), and from rows that it refused. Where ids were stored as keyed hashes
(store_text: none), give the id itself. Run it on each machine that has a state folder of its own. Backups and
exported files are yours to deal with.

Exit code 1: something could not be removed, and is named; run it again.

Examples:
  $ signalbox erase --user jane@example.org
  $ signalbox erase --conversation 8f14e45f --yes --json
  $ signalbox erase --key-hash 88dc28d0f030c55ed4ab77ed8faf098196cb1c05df778539800c9f1243fe6b4b --before 2026-01-01`,
    )
    .action(erase);
}

async function erase(given: EraseArguments): Promise<void> {
  const subject = subjectOf(given);
  const settings = readSettings(process.env);
  const stateDir = settings.SIGNALBOX_STATE_DIR;
  const erased = await eraseDecisions({
    databaseUrl: await findDatabase(settings),
    outboxRoot: join(stateDir, "outbox"),
    hashKey: existsSync(hashKeyFile(stateDir)) ? loadHashKey(stateDir) : null,
    subject,
    waitMs: WAIT_MS,
    confirm: given.yes ? () => Promise.resolve(true) : (decisions) => ask(subject, decisions),
  });
  if (erased === null) throw new CliError(EXIT.failed, "nothing was removed");
  process.stdout.write(`${given.json ? JSON.stringify(erased) : describe(erased)}\n`);
  if (erased.unreachedSegments > 0) throw unreached(erased.unreachedSegments, stateDir);
}

function subjectOf({ user, keyHash, conversation, before }: EraseArguments): Subject {
  const kinds = { user, "key-hash": keyHash, conversation } as const;
  const subjects = (["user", "key-hash", "conversation"] as const).flatMap((kind) => {
    const id = kinds[kind];
    return id === undefined ? [] : [{ kind, id, before: before ?? null }];
  });
  const [subject] = subjects;
  if (subject !== undefined && subjects.length === 1 && subject.id !== "") return subject;
  throw new CliError(
    EXIT.misused,
    "Cannot erase: expected one of --user, --key-hash and --conversation, not empty",
  );
}

async function ask({ kind, id }: Subject, decisions: number): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new CliError(EXIT.misused, "Cannot erase: found no terminal to ask at, expected --yes");
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const question = `Remove ${decisions} decisions of the ${kind} ${id} from the database, and what waits for it? [y/N] `;
  const answer = await terminal.question(question);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

function describe({ database, outbox, quarantine }: Erased): string {
  const lines = Object.entries({ database, outbox, quarantine }).map(([place, counts]) => {
    const parts = Object.entries(counts).map(([table, rows]) => `${table} ${rows}`);
    return `${place.padEnd("quarantine".length)}  ${parts.join(", ")}`;
  });
  return ["removed:", ...lines].join("\n");
}

function unreached(segments: number, stateDir: string): CliError {
  return new CliError(
    EXIT.failed,
    `Cannot erase everything: found ${segments} files in ${join(stateDir, "outbox")} that a running sidecar could ` +
      `not store within ${WAIT_MS / 1_000} s, expected none; look at GET /v1/status and run this again`,
  );
}

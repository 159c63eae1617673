import type { KeyObject } from "node:crypto";
import { cleanText } from "../clean-text.ts";
import { keyedHash } from "../keyed-hash.ts";
import { timeOfUuid7 } from "../uuid7-time.ts";

/** Whose decisions are erased. */
export interface Subject {
  readonly kind: "user" | "key-hash" | "conversation";
  readonly id: string;
  /** Only decisions before this time; null for all. */
  readonly before: Date | null;
}

/** How the rows of a subject are told from others. */
export interface SubjectMatch {
  /** Columns of routing_logs; one that fits is enough. */
  readonly columns: readonly string[];
  /** The id as it is and as it is sent, and the keyed hashes under which `store_text: none` keeps both. */
  readonly values: readonly string[];
  /** The same as bytes of JSON: a row of the subject's has one of them in it. */
  readonly needles: readonly Buffer[];
  readonly before: Date | null;
}

/** A user is one of LiteLLM's own, or one that the client named in the request. */
const COLUMNS: Readonly<Record<Subject["kind"], readonly string[]>> = {
  user: ["user_id", "end_user_id"],
  "key-hash": ["key_hash"],
  conversation: ["conversation_id"],
};

/** The callback sends so many characters of an id, and no more of it is known. */
const MAX_SENT_CHARS = 256;

/** @param hashKey of the log's keyed hashes; null where none was ever made. */
export function matchOf({ kind, id, before }: Subject, hashKey: KeyObject | null): SubjectMatch {
  const sent = [...id].slice(0, MAX_SENT_CHARS).join("");
  const values = [...new Set([id, sent])].flatMap((form) => [
    cleanText(form),
    ...(hashKey === null ? [] : [keyedHash(form, hashKey)]),
  ]);
  const needles = values.map((value) => Buffer.from(JSON.stringify(value)));
  return { columns: COLUMNS[kind], values, needles, before };
}

/** Whether a row of routing_logs is the subject's. A row whose id tells no time counts as old. */
export function isSubjectsRow(
  row: Readonly<Record<string, unknown>>,
  { columns, values, before }: SubjectMatch,
): boolean {
  const isTheirs = columns.some((column) => values.some((value) => row[column] === value));
  if (!isTheirs || before === null) return isTheirs;
  return (timeOfUuid7(String(row.id)) ?? 0) < before.getTime();
}

import type { Client } from "pg";
import type { DecisionFilter } from "../../src/log/queries/decision-filter.ts";
import { findDecision } from "../../src/log/queries/find-decision.ts";
import { listDecisions } from "../../src/log/queries/list-decisions.ts";
import { readStats } from "../../src/log/queries/read-stats.ts";
import type { Progress } from "../report.ts";

/** How long a question of the API takes. */
export interface AskedQuery {
  readonly question: string;
  /** Whether it is one that people ask; the others are the worst that can be asked. */
  readonly isUsual: boolean;
  /** The first time that it was asked. */
  readonly firstMs: number;
  /** The median of the times after. */
  readonly againMs: number;
}

const ROUNDS = 7;
const DAY_MS = 86_400_000;
const PAGE = 50;

/** Asks what the API asks. */
export async function askQueries(client: Client, progress: Progress): Promise<AskedQuery[]> {
  const list =
    (filter: DecisionFilter, before: string | null = null) =>
    () =>
      listDecisions(client, { filter, before, limit: PAGE });
  const [newest] = await list({})();
  if (newest === undefined) throw new Error("Cannot measure: found no decision, expected some");
  const user = newest.user_id ?? "";
  const since = (days: number) => ({ since: new Date(Date.now() - days * DAY_MS) });
  const day = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);
  const stats = (days: number) => () => readStats(client, { since: day(days), until: day(0) });
  const usual: readonly [string, () => Promise<unknown>][] = [
    ["newest page", list({})],
    ["page at 60 days ago", list({ until: new Date(Date.now() - 60 * DAY_MS) })],
    ["one decision, with outcome, feedback and labels", () => findDecision(client, newest.id)],
    ["tier (1 in 12)", list({ tier: "complex" })],
    ["tier and score (1 in 1,000)", list({ tier: "medium", minScore: 99.7 })],
    ["failures (1 in 100)", list({ status: "failure" })],
    ["failures of one tier", list({ status: "failure", tier: "complex" })],
    ["rated down (1 in 300)", list({ rating: "down" })],
    ["key (1 in 500)", list({ keyHash: newest.key_hash ?? "" })],
    ["a busy user", list({ userId: user })],
    ["a user who never was", list({ userId: "nobody" })],
    ["a conversation", list({ conversationId: newest.conversation_id ?? "" })],
    ["a model that 1 in 120,000 got, of 7 days", list({ resolvedModel: "rare-model", ...since(7) })],
    ["a key that never was, of 7 days", list({ keyHash: "nobody", ...since(7) })],
    ["figures of 1 day", stats(0)],
    ["figures of 7 days", stats(7)],
    ["figures of 90 days", stats(90)],
  ];
  const worst: readonly [string, () => Promise<unknown>][] = [
    ["a model that 1 in 120,000 got, of 90 days", list({ resolvedModel: "rare-model" })],
    ["a key that never was, of 90 days", list({ keyHash: "nobody" })],
  ];
  const asked: AskedQuery[] = [];
  for (const [question, ask] of usual) asked.push({ isUsual: true, ...(await time(question, ask)) });
  for (const [question, ask] of worst) asked.push({ isUsual: false, ...(await time(question, ask)) });
  for (const { question, firstMs, againMs } of asked)
    progress(`sql: ${question}: ${firstMs.toFixed(1)} ms, then ${againMs.toFixed(1)} ms`);
  return asked;
}

async function time(question: string, ask: () => Promise<unknown>) {
  const takenMs: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const started = performance.now();
    await ask();
    takenMs.push(performance.now() - started);
  }
  const [firstMs = 0, ...again] = takenMs;
  return { question, firstMs, againMs: again.sort((a, b) => a - b)[Math.floor(again.length / 2)] ?? 0 };
}

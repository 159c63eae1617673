import type { ClientBase } from "pg";
import type { Logger } from "pino";
import { type Connection, connect } from "./connection.ts";
import { labelImplicitly } from "./label-implicitly.ts";
import { type MaintainReport, maintain } from "./maintain.ts";
import { refreshDailyFigures } from "./refresh-daily-figures.ts";

export interface MaintenanceOptions {
  readonly databaseUrl: string;
  /** Days that the log is kept. */
  readonly retentionDays: () => number;
  /** When the oldest decision was made that waits to be stored; null where none does. */
  readonly oldestWaiting: () => Date | null;
  /** Runs before anything else of each run: brings the schema up to date. */
  readonly prepare: (client: ClientBase) => Promise<unknown>;
  readonly logger: Pick<Logger, "info" | "warn">;
  /** Milliseconds between two runs; an hour by default. */
  readonly intervalMs?: number;
  /** Milliseconds until the next try after a run that could not do everything; a minute by default. */
  readonly retryMs?: number;
}

/** How the database is kept, for people to see. */
export interface MaintenanceStatus {
  /** When a run of this process last came to its end; null before that. */
  readonly lastRunAt: Date | null;
  /** Days after today for which every table has its partition; null before the first run. */
  readonly partitionsAhead: number | null;
  /** Rows in the default partitions, which must be empty; null before the first run. */
  readonly defaultRows: number | null;
  /** Why the last run could not do everything, null where it could. */
  readonly lastError: string | null;
  /** The last run could not reach the database, which those who write rows say too. */
  readonly isAway: boolean;
  /** What an operator should look at now, a sentence each. */
  readonly alarms: readonly string[];
}

/** Keeps the database of the log in order while it is open. */
export interface Maintenance {
  /** Runs now, and sets the time of the next run anew. Never rejects: what went wrong is in the status. */
  run(): Promise<void>;
  status(): MaintenanceStatus;
  /** Ends a run at once that is under way; no other begins. */
  close(): Promise<void>;
}

const HOUR_MS = 3_600_000;
const RETRY_MS = 60_000;
/** A service that is away for a weekend comes back to a table that takes its rows. */
const AHEAD_DAYS = 7;
/** How far back the first run looks for implicit signals. */
const FIRST_LOOK_BACK_MS = 24 * HOUR_MS;
/** How far before what the last run saw whole a later one looks: signals come within 10 minutes, outcomes some time after. */
const LOOK_BACK_MS = HOUR_MS;

/**
 * Opens the maintenance of the database: partitions, daily figures, implicit signals, now and every hour, on a
 * connection of its own for each run. Any number of sidecars may do so with one database: who comes second
 * leaves the work to the first.
 */
export function createMaintenance(options: MaintenanceOptions): Maintenance {
  return new TimedMaintenance(options);
}

class TimedMaintenance implements Maintenance {
  readonly #options: MaintenanceOptions;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> | null = null;
  #connection: Connection | null = null;
  readonly #closing = new AbortController();
  #lastRunAt: Date | null = null;
  /** What was decided before this was in the database when a run last looked for signals. */
  #wholeUntil: Date | null = null;
  #report: MaintainReport | null = null;
  #lastError: string | null = null;
  #isAway = false;

  constructor(options: MaintenanceOptions) {
    this.#options = options;
    void this.run();
  }

  run(): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    this.#running ??= this.#runOnce().finally(() => {
      this.#running = null;
      this.#setTimer();
    });
    return this.#running;
  }

  status(): MaintenanceStatus {
    return {
      lastRunAt: this.#lastRunAt,
      partitionsAhead: this.#report?.partitionsAhead ?? null,
      defaultRows: this.#report?.defaultRows ?? null,
      lastError: this.#lastError,
      isAway: this.#isAway,
      alarms: this.#alarms(),
    };
  }

  async close(): Promise<void> {
    this.#closing.abort();
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#running;
  }

  get #isClosed(): boolean {
    return this.#closing.signal.aborted;
  }

  async #runOnce(): Promise<void> {
    try {
      const { signal } = this.#closing;
      this.#connection = await connect(this.#options.databaseUrl, "signalbox maintenance", { signal });
      await this.#maintain(this.#connection.client);
      await this.#connection.close();
    } catch (error) {
      this.#isAway = this.#connection === null;
      this.#connection?.destroy();
      if (!this.#isClosed) this.#fail(error instanceof Error ? error.message : String(error));
    } finally {
      this.#connection = null;
    }
  }

  async #maintain(client: ClientBase): Promise<void> {
    const { prepare, retentionDays, oldestWaiting, logger } = this.#options;
    const startedAt = new Date();
    await prepare(client);
    const waiting = oldestWaiting();
    const wish = { aheadDays: AHEAD_DAYS, retentionDays: retentionDays(), oldestWaiting: waiting };
    const report = await maintain(client, wish);
    if (report !== null) {
      this.#report = report;
      if (report.made.length + report.dropped.length > 0) logger.info({ event: "partitions", ...report });
      if (report.expiredDecisions > 0) {
        logger.warn({ event: "decisions_expired", decisions: report.expiredDecisions });
      }
    }
    const wholeUntil = waiting !== null && waiting < startedAt ? waiting : startedAt;
    await labelImplicitly(client, this.#lookFrom(wholeUntil));
    this.#wholeUntil = wholeUntil;
    await refreshDailyFigures(client);
    this.#lastRunAt = startedAt;
    this.#lastError = null;
    this.#isAway = false;
    if (report !== null && report.blocked.length > 0) this.#fail(describeBlocked(report.blocked));
  }

  #lookFrom(wholeUntil: Date): Date {
    const last = this.#wholeUntil;
    const from = last === null ? wholeUntil.getTime() - FIRST_LOOK_BACK_MS : last.getTime() - LOOK_BACK_MS;
    return new Date(from);
  }

  #fail(message: string): void {
    this.#lastError = message;
    this.#options.logger.warn({ event: "maintenance_failed", message });
  }

  #setTimer(): void {
    if (this.#isClosed) return;
    const { intervalMs = HOUR_MS, retryMs = RETRY_MS } = this.#options;
    if (this.#timer !== null) clearTimeout(this.#timer);
    // Another sidecar that was at it leaves this one without figures.
    const isComplete = this.#lastError === null && this.#report !== null;
    this.#timer = setTimeout(() => void this.run(), isComplete ? intervalMs : retryMs).unref();
  }

  #alarms(): string[] {
    const { defaultRows = 0, expiredDecisions = 0 } = this.#report ?? {};
    return [
      ...(defaultRows > 0 ? [describeDefault(defaultRows)] : []),
      ...(expiredDecisions > 0 ? [describeExpired(expiredDecisions)] : []),
    ];
  }
}

function describeBlocked(blocked: readonly string[]): string {
  return `Cannot get the lock for ${blocked.join(", ")}: a long read has it, tried again soon`;
}

function describeDefault(rows: number): string {
  const found = rows === 1 ? "1 row is" : `${rows} rows are`;
  return `${found} in the default partitions, where none should be: the time of their ids is still to come`;
}

function describeExpired(decisions: number): string {
  const [removed, made] =
    decisions === 1 ? ["1 decision was", "it"] : [`${decisions} decisions were`, "them"];
  return `${removed} older than retention_days when stored, and removed: look at the clock of the machine that made ${made}`;
}

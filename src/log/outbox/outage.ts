import type { Logger } from "pino";

/** Tells of a database that went away once, and once that it is back, however many write to it. */
export class Outage {
  readonly #logger: Pick<Logger, "info" | "warn">;
  /** Why, by who is kept from writing. */
  readonly #away = new Map<string, string>();

  constructor(logger: Pick<Logger, "info" | "warn">) {
    this.#logger = logger;
  }

  /** @param who cannot write. */
  begin(who: string, error: string): void {
    const isKnown = Array.from(this.#away.values()).includes(error);
    this.#away.set(who, error);
    if (!isKnown) this.#logger.warn({ event: "log_database_away", error });
  }

  /** @param who can write again, or could all the time. */
  end(who: string): void {
    if (this.#away.delete(who) && this.#away.size === 0) this.#logger.info({ event: "log_database_back" });
  }
}

/** Names that are counted one by one: clients may ask for any. */
const MAX_NAMES = 1_000;
const OTHER = "(others)";

/** Counts by name, a bounded number of them. */
export class Counter {
  readonly #counts = new Map<string, number>();

  add(name: string): void {
    const known = this.#counts.has(name) || this.#counts.size < MAX_NAMES ? name : OTHER;
    this.#counts.set(known, 1 + (this.#counts.get(known) ?? 0));
  }

  /** The most frequent first. */
  counts(): Record<string, number> {
    return Object.fromEntries([...this.#counts].sort(([, a], [, b]) => b - a));
  }
}

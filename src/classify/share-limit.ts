const SLOTS = 60;
const SLOT_MS = 1_000;

/**
 * Counts the requests of the last minute, and lets a share of them through: one a minute in any case, so that a quiet
 * hour is not one without answers. Times as `performance.now()` counts them, never running backwards.
 */
export class ShareLimit {
  readonly #share: number;
  readonly #seen = new Float64Array(SLOTS);
  readonly #taken = new Float64Array(SLOTS);
  #slot = 0;

  /** @param share 0..1; 0 lets nothing through */
  constructor(share: number) {
    this.#share = share;
  }

  see(nowMs: number): void {
    this.#advance(nowMs);
    this.#seen[this.#slot % SLOTS] = (this.#seen[this.#slot % SLOTS] ?? 0) + 1;
  }

  /** Takes one of the places, where one is left. */
  take(nowMs: number): boolean {
    this.#advance(nowMs);
    const places = this.#share === 0 ? 0 : Math.max(1, Math.floor(this.#share * sum(this.#seen)));
    if (sum(this.#taken) >= places) return false;
    this.#taken[this.#slot % SLOTS] = (this.#taken[this.#slot % SLOTS] ?? 0) + 1;
    return true;
  }

  #advance(nowMs: number): void {
    const slot = Math.floor(nowMs / SLOT_MS);
    const first = Math.max(this.#slot + 1, slot - SLOTS + 1);
    for (let at = first; at <= slot; at += 1) {
      this.#seen[at % SLOTS] = 0;
      this.#taken[at % SLOTS] = 0;
    }
    this.#slot = Math.max(this.#slot, slot);
  }
}

function sum(counts: Float64Array): number {
  return counts.reduce((total, count) => total + count, 0);
}

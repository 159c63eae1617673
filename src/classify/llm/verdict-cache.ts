/** The newest verdicts by digest of their question, at most `size`: who was not asked for longest goes first. */
export class VerdictCache {
  readonly #tiers = new Map<string, string>();
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  get(digest: string): string | undefined {
    const tier = this.#tiers.get(digest);
    if (tier !== undefined) this.set(digest, tier);
    return tier;
  }

  set(digest: string, tier: string): void {
    this.#tiers.delete(digest);
    this.#tiers.set(digest, tier);
    const [oldest] = this.#tiers.keys();
    if (this.#tiers.size > this.#size && oldest !== undefined) this.#tiers.delete(oldest);
  }
}

/** First in, first out, bounded by entries and by bytes. */
export class BoundedQueue<T> {
  readonly #maxEntries: number;
  readonly #maxBytes: number;
  #entries: { readonly value: T; readonly bytes: number }[] = [];
  /** Entries before this index have left. */
  #head = 0;
  #bytes = 0;

  constructor(limits: { readonly maxEntries: number; readonly maxBytes: number }) {
    this.#maxEntries = limits.maxEntries;
    this.#maxBytes = limits.maxBytes;
  }

  get size(): number {
    return this.#entries.length - this.#head;
  }

  /** @returns false where the queue is full, and the value was not taken. */
  push(value: T, bytes: number): boolean {
    if (this.size >= this.#maxEntries || this.#bytes + bytes > this.#maxBytes) return false;
    this.#entries.push({ value, bytes });
    this.#bytes += bytes;
    return true;
  }

  /** The oldest values, at least one where there is any, at most `maxEntries` and about `maxBytes`. */
  peek(maxEntries: number, maxBytes: number): T[] {
    const values: T[] = [];
    let bytes = 0;
    for (let at = this.#head; at < this.#entries.length && values.length < maxEntries; at += 1) {
      const entry = this.#entries[at];
      if (entry === undefined || (values.length > 0 && bytes + entry.bytes > maxBytes)) break;
      values.push(entry.value);
      bytes += entry.bytes;
    }
    return values;
  }

  /** Lets go of the oldest `count` values. */
  drop(count: number): void {
    const end = Math.min(this.#entries.length, this.#head + count);
    for (let at = this.#head; at < end; at += 1) this.#bytes -= this.#entries[at]?.bytes ?? 0;
    this.#head = end;
    // Half of the array is gone: moving the rest costs no more than it took to fill it.
    if (this.#head * 2 < this.#entries.length) return;
    this.#entries = this.#entries.slice(this.#head);
    this.#head = 0;
  }
}

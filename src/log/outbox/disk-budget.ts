/** Bytes that all segments of a process take, and may take. */
export class DiskBudget {
  readonly maxBytes: number;
  #used = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  get usedBytes(): number {
    return this.#used;
  }

  hasRoomFor(bytes: number): boolean {
    return this.#used + bytes <= this.maxBytes;
  }

  /** @param bytes negative where a file is gone. */
  add(bytes: number): void {
    this.#used += bytes;
  }
}

/** Lets one waiter sleep until another part of the program rings, or a time has passed. */
export class Bell {
  #wake: (() => void) | null = null;

  /** Wakes the waiter; a ring while nobody waits is lost. */
  ring(): void {
    this.#wake?.();
  }

  /** Resolves at the next ring, or after `maxMs` milliseconds where given. */
  heard(maxMs?: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = maxMs === undefined ? undefined : setTimeout(() => this.#wake?.(), maxMs);
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = null;
        resolve();
      };
    });
  }
}

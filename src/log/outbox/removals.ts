import { unlink } from "node:fs/promises";

interface Removed {
  readonly path: string;
  readonly bytes: number;
}

/** What the disk refused is tried again after so long, in milliseconds. */
const RETRY_MS = 5_000;

/** Deletes files off this thread: a large one takes milliseconds. What the disk does not let go of is tried again. */
export class Removals {
  readonly #gone: (bytes: number) => void;
  readonly #underWay = new Set<Promise<void>>();
  #refused: Removed[] = [];
  #refusedAtMs = 0;
  #error: string | null = null;

  /** @param gone told the size of each file that is gone. */
  constructor(gone: (bytes: number) => void) {
    this.#gone = gone;
  }

  /** What the disk last said, null where it works. */
  get error(): string | null {
    return this.#error;
  }

  remove(path: string, bytes: number): void {
    const done = this.#remove({ path, bytes }).finally(() => this.#underWay.delete(done));
    this.#underWay.add(done);
  }

  /** Tries those again that were refused a while ago. */
  retry(): void {
    if (this.#refused.length === 0 || performance.now() - this.#refusedAtMs < RETRY_MS) return;
    const refused = this.#refused;
    this.#refused = [];
    for (const { path, bytes } of refused) this.remove(path, bytes);
  }

  /** Waits for what is under way. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  async #remove(file: Removed): Promise<void> {
    try {
      await unlink(file.path);
    } catch (error) {
      if (!isMissing(error)) {
        this.#error = error instanceof Error ? error.message : String(error);
        this.#refused.push(file);
        this.#refusedAtMs = performance.now();
        return;
      }
    }
    if (this.#refused.length === 0) this.#error = null;
    this.#gone(file.bytes);
  }
}

/** Whether an operation failed because there is no such file. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

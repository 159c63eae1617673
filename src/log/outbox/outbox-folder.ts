import { basename, join } from "node:path";
import { parseSegmentName } from "./segment-name.ts";
import { claimSlot, type Slot, segmentFiles, takeOverSegments } from "./slot.ts";

export interface OutboxFolderOptions {
  /** Holds one folder for each sidecar that shares the state folder. */
  readonly root: string;
  /** Called once there is a folder to write to. */
  readonly onClaimed: (folder: string) => void;
  /** Called with each segment that an earlier process left. @throws {Error} where it cannot be read. */
  readonly onFound: (table: string, path: string) => void;
}

/** How often a disk that refused is asked again, and others' folders are looked at, in milliseconds. */
const RETRY_MS = 5_000;
const TAKE_OVER_MS = 60_000;

/** Finds a folder for the segments, now or when the disk works again, and what other processes left. */
export class OutboxFolder {
  readonly #options: OutboxFolderOptions;
  #slot: Slot | null = null;
  #timer: NodeJS.Timeout | undefined;
  #error: string | null = null;
  #closed = false;

  constructor(options: OutboxFolderOptions) {
    this.#options = options;
    this.#look();
  }

  /** What the disk last said, null where it works. */
  get error(): string | null {
    return this.#error;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#slot?.release();
    this.#slot = null;
  }

  #look(): void {
    try {
      this.#slot ??= this.#claim();
      for (const path of takeOverSegments(this.#options.root, this.#slot)) this.#report(path);
      this.#error = null;
    } catch (error) {
      this.#error = error instanceof Error ? error.message : String(error);
    }
    if (this.#closed) return;
    this.#timer = setTimeout(() => this.#look(), this.#error === null ? TAKE_OVER_MS : RETRY_MS);
    this.#timer.unref();
  }

  #claim(): Slot {
    const slot = claimSlot(this.#options.root);
    for (const file of segmentFiles(slot.folder)) this.#report(join(slot.folder, file));
    this.#options.onClaimed(slot.folder);
    return slot;
  }

  #report(path: string): void {
    const name = parseSegmentName(basename(path));
    if (name !== null) this.#options.onFound(name.table, path);
  }
}

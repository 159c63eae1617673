import { basename, join } from "node:path";
import { parseSegmentName } from "./segment-name.ts";
import { claimSlot, type Slot, segmentFiles, takeOverSegments } from "./slot.ts";

export interface OutboxFolderOptions {
  /** Holds one folder for each sidecar that shares the state folder. */
  readonly root: string;
  /** Called once there is a folder to write to, and again where it had to be another one. */
  readonly onClaimed: (folder: string) => void;
  /** Called with each segment that an earlier process left. @throws {Error} where it cannot be read. */
  readonly onFound: (table: string, path: string) => void;
}

/** How often a disk that refused is asked again, and others' folders are looked at, in milliseconds. */
const LOOK_EVERY_MS = 5_000;

/** Finds a folder for the segments, now or when the disk works again, and what other processes left. */
export class OutboxFolder {
  readonly #options: OutboxFolderOptions;
  #slot: Slot | null = null;
  /** Segments in our folder that nobody was told of yet. */
  #found: string[] = [];
  readonly #timer: NodeJS.Timeout;
  #error: string | null = null;

  constructor(options: OutboxFolderOptions) {
    this.#options = options;
    this.#look();
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS);
    this.#timer.unref();
  }

  /** What the disk last said, null where it works. */
  get error(): string | null {
    return this.#error;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#slot?.release();
    this.#slot = null;
  }

  #look(): void {
    this.#error = null;
    this.#try(() => {
      const slot = this.#ownSlot();
      takeOverSegments(this.#options.root, slot, (path) => this.#found.push(path));
    });
    const found = this.#found;
    this.#found = [];
    // One that cannot be read does not keep the others from being stored.
    for (const path of found) this.#try(() => this.#report(path), path);
  }

  /** @param path of a segment that is to be reported again where the action fails. */
  #try(action: () => void, path?: string): void {
    try {
      action();
    } catch (error) {
      this.#error ??= error instanceof Error ? error.message : String(error);
      if (path !== undefined) this.#found.push(path);
    }
  }

  #ownSlot(): Slot {
    if (this.#slot?.isThere()) return this.#slot;
    this.#slot?.release();
    this.#slot = null;
    const slot = claimSlot(this.#options.root);
    try {
      this.#options.onClaimed(slot.folder);
      this.#found = segmentFiles(slot.folder).map((file) => join(slot.folder, file));
    } catch (error) {
      slot.release();
      throw error;
    }
    this.#slot = slot;
    return slot;
  }

  #report(path: string): void {
    const name = parseSegmentName(basename(path));
    if (name !== null) this.#options.onFound(name.table, path);
  }
}

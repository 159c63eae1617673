import { close, fdatasync, fsync, open } from "node:fs";

/** Told how each try to have the disk keep something went. */
export type Synced = (error: Error | null) => void;

/** A loss of power costs at most what was appended for so long, in milliseconds. */
const SYNC_EVERY_MS = 100;

/**
 * Has the disk keep what is appended to a file, off this thread and for all appends of 100 ms at once. One at a
 * time: a disk that is slow must not take every thread that files and names are asked with.
 */
export class GroupSync {
  readonly #fd: number;
  readonly #folder: string;
  readonly #synced: Synced;
  #timer: NodeJS.Timeout | undefined;
  #dueAtMs = 0;
  #isSyncing = false;
  /** Another sync is due, and the one under way has not ended. */
  #isBehind = false;
  #isFolderSynced = false;
  #ended: Synced | null = null;

  /** @param folder of the file: a new file is lost with its entry there. */
  constructor(fd: number, folder: string, synced: Synced) {
    this.#fd = fd;
    this.#folder = folder;
    this.#synced = synced;
  }

  /** Tells that something was appended. */
  appended(): void {
    const nowMs = performance.now();
    if (this.#timer === undefined) {
      this.#dueAtMs = nowMs + SYNC_EVERY_MS;
      this.#timer = setTimeout(() => this.#due(), SYNC_EVERY_MS);
    } else if (nowMs >= this.#dueAtMs) {
      // A process that is behind with its work gets to its timers late.
      clearTimeout(this.#timer);
      this.#due();
    }
  }

  /** Has the disk keep the rest at once, and closes the file. */
  end(done: Synced): void {
    this.#ended = done;
    clearTimeout(this.#timer);
    this.#due();
  }

  #due(): void {
    this.#timer = undefined;
    if (this.#isSyncing) this.#isBehind = true;
    else this.#sync();
  }

  #sync(): void {
    this.#isSyncing = true;
    this.#isBehind = false;
    fdatasync(this.#fd, (error) => {
      if (error !== null || this.#isFolderSynced) this.#settled(error);
      else syncFolder(this.#folder, (refused) => this.#settled(refused));
    });
  }

  #settled(error: Error | null): void {
    this.#isSyncing = false;
    this.#isFolderSynced ||= error === null;
    this.#synced(error);
    if (this.#isBehind) this.#sync();
    else if (this.#ended !== null) close(this.#fd, this.#ended);
  }
}

function syncFolder(folder: string, done: Synced): void {
  open(folder, "r", (error, fd) => {
    if (error !== null) done(error);
    else fsync(fd, (refused) => close(fd, (notClosed) => done(refused ?? notClosed)));
  });
}

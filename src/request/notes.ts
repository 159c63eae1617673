import type { ReadNote } from "./route-request.ts";

/** Most notes kept of one request; the rest is counted in one closing note. */
const MAX_NOTES = 20;

/** Collects what could not be read as it stood. A note names the place and the kind, never the text found. */
export class Notes {
  readonly #kept: ReadNote[] = [];
  #more = 0;

  add(path: string, note: string): void {
    if (this.#kept.length < MAX_NOTES) this.#kept.push({ path, note });
    else this.#more += 1;
  }

  /** The notes in the order in which they came, at most `MAX_NOTES` and one that counts the rest. */
  list(): readonly ReadNote[] {
    return this.#more === 0 ? this.#kept : [...this.#kept, { path: "", note: `and ${this.#more} more` }];
  }
}

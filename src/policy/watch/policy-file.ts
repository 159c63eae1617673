import type { JsonMapping } from "../edit-routing.ts";
import { readPolicyText } from "../load.ts";
import type { Problem } from "../policy.ts";
import { problemOf } from "./check-in-thread.ts";
import type { EditResult, EditTask } from "./edit-task.ts";
import { FileThread } from "./file-thread.ts";
import { replaceFile } from "./replace-file.ts";

export interface PolicyFileOptions {
  readonly file: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A change of `routing`. */
export interface Change {
  readonly routing: JsonMapping;
  /** Revision of the policy that was seen before; null where any will do. */
  readonly revision: string | null;
}

type Refused = Extract<EditResult, { kind: "refused" }>;
type Stale = Extract<EditResult, { kind: "stale" }>;

export type ReadResult = Refused | Extract<EditResult, { kind: "read" }>;

export type WriteResult =
  | Refused
  | Stale
  /** The file cannot be written here, for the reason given. */
  | { readonly kind: "unwritable"; readonly reason: string }
  | { readonly kind: "written"; readonly from: string; readonly to: string };

/** The routing section of gateway.yaml, to be read and written. */
export class PolicyFile {
  readonly #options: PolicyFileOptions;
  readonly #thread = new FileThread<EditTask, EditResult>({
    module: new URL("edit-worker.ts", import.meta.url),
  });
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: PolicyFileOptions) {
    this.#options = options;
  }

  async read(): Promise<ReadResult> {
    const result = await this.#run(null);
    return result.kind === "read" ? result : { kind: "refused", problems: problemsOf(result) };
  }

  /** Checks a change and writes it, one after the other. */
  write(change: Change): Promise<WriteResult> {
    const mine = this.#last.then(() => this.#write(change));
    this.#last = mine.catch(() => undefined);
    return mine;
  }

  async #write(change: Change): Promise<WriteResult> {
    const result = await this.#run(change);
    if (result.kind === "stale") return result;
    if (result.kind !== "edited") return { kind: "refused", problems: problemsOf(result) };
    const { before, after } = result;
    try {
      // An editor may have saved it while this one was checked.
      const now = readPolicyText(this.#options.file);
      if (!("text" in now) || now.text !== before.text) return { kind: "stale", revision: before.revision };
      await replaceFile(this.#options.file, after.text);
    } catch (error) {
      return {
        kind: "unwritable",
        reason: error instanceof Error && "code" in error ? String(error.code) : "",
      };
    }
    return { kind: "written", from: before.revision, to: after.revision };
  }

  async #run(edit: EditTask["edit"]): Promise<EditResult> {
    const result = await this.#thread.run({ ...this.#options, edit });
    if (typeof result !== "string") return result;
    return { kind: "refused", problems: [problemOf(this.#options.file, result)] };
  }
}

const problemsOf = (result: EditResult): readonly Problem[] =>
  result.kind === "refused" ? result.problems : [];

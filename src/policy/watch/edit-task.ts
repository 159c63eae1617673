import { editRouting, type JsonMapping } from "../edit-routing.ts";
import { checkPolicyText, compileChecked, readPolicyText } from "../load.ts";
import type { Problem } from "../policy.ts";
import { readYaml } from "../read-yaml.ts";
import { childOf, toPlain } from "../source.ts";
import { problemOf } from "./check-in-thread.ts";
import { type CheckTask, handOver } from "./check-task.ts";

/** What a thread is to read or to edit. */
export interface EditTask extends CheckTask {
  /** What `routing` is to say, and the revision that was seen before; null to read only. */
  readonly edit: { readonly routing: JsonMapping; readonly revision: string | null } | null;
}

export type EditResult =
  /** The file has an error as it is, or would have one. */
  | { readonly kind: "refused"; readonly problems: readonly Problem[] }
  /** Somebody changed the file since. */
  | { readonly kind: "stale"; readonly revision: string }
  | { readonly kind: "read"; readonly revision: string; readonly routing: unknown }
  | { readonly kind: "edited"; readonly before: FileState; readonly after: FileState };

/** A text of the file and the revision of its policy. */
interface FileState {
  readonly text: string;
  readonly revision: string;
}

/** Reads the routing section of a file, or says what the file would be with another one. Total. */
export function runEdit({ file, env, edit }: EditTask): EditResult {
  const read = readPolicyText(file);
  if ("problem" in read) return { kind: "refused", problems: [problemOf(file, read.problem)] };
  const before = check(read.text, { file, env });
  if ("problems" in before) return { kind: "refused", problems: before.problems };
  if (edit === null) return { kind: "read", revision: before.revision, routing: readRouting(before.text) };
  if (edit.revision !== null && edit.revision !== before.revision) {
    return { kind: "stale", revision: before.revision };
  }
  const after = check(editRouting(before.text, edit.routing), { file, env });
  if ("problems" in after) return { kind: "refused", problems: after.problems };
  return { kind: "edited", before, after };
}

function check(
  text: string,
  { file, env }: CheckTask,
): FileState | { readonly problems: readonly Problem[] } {
  const result = handOver(checkPolicyText(text, { file, env }));
  if (!result.ok) return { problems: result.problems };
  return { text, revision: compileChecked(result.checked).revision };
}

/** The section as it is written, variables not filled in. */
function readRouting(text: string): unknown {
  const { root } = readYaml(text, "gateway.yaml");
  const section = root === null ? undefined : childOf(root, "routing");
  return section === undefined ? {} : toPlain(section);
}

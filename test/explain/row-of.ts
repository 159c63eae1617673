import { FEATURE_VERSION } from "../../src/classify/features/feature-list.ts";
import { readFeatures } from "../../src/classify/features/read-features.ts";
import { atAsk } from "../../src/decide/at-ask.ts";
import type { Decision } from "../../src/decide/decision.ts";
import type { Asked } from "../../src/explain/change.ts";
import { type LoggedDecision, parseLogged } from "../../src/explain/logged/logged-decision.ts";
import { toRow } from "../../src/log/row.ts";
import { createUuid7 } from "../../src/log/uuid7.ts";
import { exportedRow } from "./exported-row.ts";

const newId = createUuid7({ now: Date.now, random: Math.random });

/** The row of a decision, as an export has it. */
export function rowOf(
  { request, context: { policy } }: Asked,
  decision: Decision,
  storeText: "none" | "full",
): LoggedDecision {
  const newest = request.turns.at(-1);
  const features =
    newest === undefined
      ? null
      : { version: FEATURE_VERSION, numbers: readFeatures(atAsk(request), newest).numbers };
  const record = {
    id: newId(),
    at: new Date(),
    request,
    decision,
    features,
    classifierRevision: "static-2",
    decideUs: 1,
  };
  const listed = (name: string) => policy.models.has(name) || policy.aliases.has(name);
  const row = toRow(record, { storeText, hashKey: Buffer.alloc(32), listed });
  const parsed = parseLogged(exportedRow(row));
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.row;
}

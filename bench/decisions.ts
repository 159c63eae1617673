import { readFileSync } from "node:fs";
import { createSnapshot } from "../src/compose.ts";
import type { DecisionRecord } from "../src/decide/decision.ts";
import { catalogSchema, createCatalogStore } from "../src/http/catalog-store.ts";
import { createRouter } from "../src/http/router.ts";
import { createUuid7 } from "../src/log/uuid7.ts";
import { compileGlob } from "../src/policy/glob.ts";
import { loadPolicyText } from "../src/policy/load.ts";
import { CATALOG } from "./envelopes.ts";
import { POLICY_FILE } from "./sidecar.ts";

/** Decides requests as the sidecar does, in this process. */
export function decide(bodies: readonly string[]): DecisionRecord[] {
  const loaded = loadPolicyText(readFileSync(POLICY_FILE, "utf8"), { file: POLICY_FILE, env: {} });
  if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join("\n"));
  const snapshot = createSnapshot(loaded.policy);
  const catalog = createCatalogStore(compileGlob);
  catalog.replace(catalogSchema.parse(CATALOG));
  const records: DecisionRecord[] = [];
  const record = (decided: DecisionRecord) => void records.push(decided);
  const now = () => new Date();
  const health = () => new Map();
  const random = Math.random;
  const newId = createUuid7({ now: Date.now, random });
  const router = createRouter({ snapshot: () => snapshot, catalog, health, record, newId, now, random });
  for (const body of bodies) router.route(JSON.parse(body));
  return records;
}

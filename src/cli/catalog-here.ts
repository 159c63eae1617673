import { pino } from "pino";
import type { Catalog } from "../decide/catalog.ts";
import { createCatalogFile } from "../http/catalog-file.ts";
import { createCatalogStore } from "../http/catalog-store.ts";
import { compileGlob } from "../policy/glob.ts";

/** The catalogue that a sidecar of this state folder keeps there; null where there is none that can be read. */
export function readCatalogHere(stateDir: string): Catalog | null {
  const silent = pino({ level: "silent" });
  return createCatalogStore(compileGlob, createCatalogFile(stateDir, silent)).current();
}

import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "pino";
import { type CatalogBody, catalogSchema, MAX_CATALOG_BYTES } from "./catalog-store.ts";

/** Where the catalogue outlives the process. */
export interface CatalogFile {
  /** null where there is none that can be read. */
  read(): CatalogBody | null;
  /** Replaces it as a whole. A failure is a warning: the callback sends the catalogue again when it is missing. */
  write(body: CatalogBody): void;
}

/** Keeps the catalogue in `catalog.json` of the state folder. */
export function createCatalogFile(stateDir: string, logger: Logger): CatalogFile {
  const file = join(stateDir, "catalog.json");
  const warn = (event: string, error: unknown) => logger.warn({ event, file, error: String(error) });
  return {
    read: () => {
      try {
        return readCatalog(file);
      } catch (error) {
        if (!isMissing(error)) warn("catalog_file_unreadable", error);
        return null;
      }
    },
    write: (body) => {
      try {
        // A rename appears whole or not at all, also to another sidecar of the same folder.
        const draft = `${file}.${process.pid}`;
        writeFileSync(draft, JSON.stringify(body), { mode: 0o600 });
        renameSync(draft, file);
      } catch (error) {
        warn("catalog_file_unwritable", error);
      }
    },
  };
}

function readCatalog(file: string): CatalogBody {
  const bytes = readFileSync(file);
  if (bytes.length > MAX_CATALOG_BYTES) {
    throw new Error(`found ${bytes.length} bytes, expected at most ${MAX_CATALOG_BYTES}`);
  }
  const parsed: unknown = JSON.parse(bytes.toString("utf8"));
  return catalogSchema.parse(parsed);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createCatalogFile } from "../../src/http/catalog-file.ts";
import { catalogSchema, createCatalogStore } from "../../src/http/catalog-store.ts";
import { compileGlob } from "../../src/policy/glob.ts";

const BODY = catalogSchema.parse({ revision: "r1", models: [{ name: "a" }], wildcards: ["b/*"] });

let folder = "";
let lines: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "catalog-"));
  lines = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const store = (stateDir = folder) => {
  const logger = pino({}, { write: (line: string) => void lines.push(line) });
  return createCatalogStore(compileGlob, createCatalogFile(stateDir, logger));
};

describe("createCatalogFile()", () => {
  it("gives the catalogue to the next process, and leaves no draft behind", () => {
    expect(store().current()).toBeNull();
    store().replace(BODY);
    const next = store();
    expect(next.sent()).toEqual(BODY);
    expect(next.current()?.models.get("a")?.name).toBe("a");
    expect(next.current()?.wildcards[0]?.matches("b/c")).toBe(true);
    expect(readdirSync(folder)).toEqual(["catalog.json"]);
    expect(lines).toEqual([]);
  });

  it.each([
    ["torn", (text: string) => text.slice(0, -4)],
    ["of another form", () => '{"revision": 3}'],
    ["too long", (text: string) => text + " ".repeat(4 * 1024 * 1024)],
  ])("takes no file that is %s, and says so", (_, change) => {
    store().replace(BODY);
    const file = join(folder, "catalog.json");
    writeFileSync(file, change(readFileSync(file, "utf8")));
    expect(store().current()).toBeNull();
    expect(lines.join()).toContain("catalog_file_unreadable");
  });

  it("goes on in memory where the folder cannot be written", () => {
    const lost = store(join(folder, "nowhere"));
    lost.replace(BODY);
    expect(lost.current()?.revision).toBe("r1");
    expect(lines.join()).toContain("catalog_file_unwritable");
  });
});

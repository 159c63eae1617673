import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Part } from "./part.ts";

const bin = (name: string) => join("node_modules", ".bin", name);

/** What must hold of the sources, the cheapest first. `pythonBin` is the `bin` folder of the environment. */
export function checksOf(pythonBin: string): readonly Part[] {
  const ruff = join(pythonBin, "ruff");
  const sources = ["bench", "callback", "examples", "src", "test"];
  return [
    { title: "format and lint (biome)", command: bin("biome"), args: ["check", "--error-on-warnings"] },
    { title: "types (tsc)", command: bin("tsc"), args: ["-p", "."] },
    { title: "types of the dashboard (tsc)", command: bin("tsc"), args: ["-p", "src/dashboard"] },
    {
      title: "import rules (dependency-cruiser)",
      command: bin("depcruise"),
      args: ["src", "--config", ".dependency-cruiser.cjs"],
    },
    { title: "dead code (knip)", command: bin("knip"), args: [] },
    { title: "Python lint (ruff check)", command: ruff, args: ["check", ...sources] },
    { title: "Python format (ruff format)", command: ruff, args: ["format", "--check", ...sources] },
    { title: "portable sources", command: process.execPath, args: ["scripts/check-portable.ts"] },
    ...generatedDocs(),
  ];
}

function generatedDocs(): readonly Part[] {
  const script = join("scripts", "generate-docs.ts");
  if (!existsSync(script)) return [];
  return [{ title: "generated docs", command: process.execPath, args: [script, "--check"] }];
}

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { anchorData } from "./anchor-data.ts";
import { apiDocs } from "./api-docs.ts";
import { artifactJsonSchema } from "./artifact-schema.ts";
import { configDocs } from "./config-docs.ts";
import { featureDocs } from "./feature-docs.ts";
import { gatewaySchema } from "./gateway-schema.ts";

/** Files that are written from what the program itself has. With `--check`, they are compared and not written. */
const DOCS: readonly { readonly file: string; readonly write: () => string }[] = [
  { file: "docs/configuration.md", write: configDocs },
  { file: "docs/api.md", write: apiDocs },
  { file: "gateway.schema.json", write: gatewaySchema },
  { file: "docs/features.md", write: featureDocs },
  { file: "docs/artifact.schema.json", write: artifactJsonSchema },
  { file: "artifacts/anchors.jsonl", write: anchorData },
];

const isCheck = process.argv.includes("--check");

for (const { file, write } of DOCS) {
  const path = new URL(`../${file}`, import.meta.url);
  const text = write();
  if (existsSync(path) && readFileSync(path, "utf8") === text) continue;
  if (isCheck) {
    console.error(`${file} differs from what the program has: run node scripts/generate-docs.ts`);
    process.exitCode = 1;
  } else {
    writeFileSync(path, text);
    console.log(`wrote ${file}`);
  }
}

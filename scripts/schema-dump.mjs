import { runOnOwnNode } from "./bootstrap.mjs";

await runOnOwnNode("scripts/schema-dump.ts", { development: true });

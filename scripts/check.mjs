import { runOnOwnNode } from "./bootstrap.mjs";

await runOnOwnNode("scripts/check-suite.ts", { development: true });

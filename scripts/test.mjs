import { runOnOwnNode } from "./bootstrap.mjs";

await runOnOwnNode("scripts/test-suite.ts", { development: true });

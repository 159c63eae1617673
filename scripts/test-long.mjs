import { runOnOwnNode } from "./bootstrap.mjs";

await runOnOwnNode("scripts/test-long.ts", { development: true });

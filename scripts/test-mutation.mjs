import { runOnOwnNode } from "./bootstrap.mjs";

await runOnOwnNode("scripts/test-mutation.ts", { development: true });

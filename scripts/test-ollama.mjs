import { runOnOwnNode } from "./bootstrap.mjs";

await runOnOwnNode("scripts/test-ollama.ts", { development: true });

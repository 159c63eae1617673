import { runOnOwnNode } from "../scripts/bootstrap.mjs";

await runOnOwnNode("bench/run.ts", { development: true });

import { runOnOwnNode } from "../scripts/bootstrap.mjs";

await runOnOwnNode("bench/quality/run.ts", { development: true });

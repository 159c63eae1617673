#!/usr/bin/env node
import { runOnOwnNode } from "./bootstrap.mjs";

await runOnOwnNode("src/cli/signalbox.ts");

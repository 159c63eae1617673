import type { Command } from "commander";
import { checkCommand } from "./check.ts";
import { eraseCommand } from "./erase.ts";
import { evaluateCommand } from "./evaluate.ts";
import { explainCommand } from "./explain.ts";
import { exportCommand } from "./export.ts";
import { feedbackCommand } from "./feedback.ts";
import { initCommand } from "./init/init-command.ts";
import { labelCommand } from "./label.ts";
import { migrateCommand } from "./migrate.ts";
import { replayCommand } from "./replay.ts";
import { routeCommand } from "./route.ts";
import { scoreCommand } from "./score.ts";
import { serveCommand } from "./serve.ts";
import { trainCommand } from "./train.ts";
import { upCommand } from "./up/up-command.ts";

/** All commands, as the help lists them. */
export function allCommands(): Command[] {
  return [
    upCommand(),
    serveCommand(),
    initCommand(),
    checkCommand(),
    routeCommand(),
    explainCommand(),
    replayCommand(),
    scoreCommand(),
    evaluateCommand(),
    migrateCommand(),
    exportCommand(),
    feedbackCommand(),
    labelCommand(),
    trainCommand(),
    eraseCommand(),
  ];
}

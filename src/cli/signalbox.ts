import { existsSync, readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { Command, CommanderError } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import { SettingsError } from "../settings.ts";
import { CliError, EXIT } from "./cli-error.ts";
import { serveCommand } from "./serve.ts";

const program = new Command("signalbox")
  .description("Routes each request of a LiteLLM proxy to the cheapest model that can do it")
  .version(packageJson.version)
  .showHelpAfterError("(--help shows what is expected)")
  // With their arguments the names take half of a line, and what they do is no more wrapped to the terminal.
  .configureHelp({ subcommandTerm: (command) => command.name() })
  .addHelpText(
    "after",
    `
Examples:
  $ signalbox up                          run everything on this machine
  $ signalbox init                        write a first gateway.yaml
  $ signalbox check                       validate gateway.yaml
  $ signalbox route "Translate this"      say where a request would go, and why
  $ signalbox explain DECISION-ID         say why a logged decision was made, and what would flip it
  $ signalbox replay --policy new.yaml    say what another gateway.yaml would change
  $ signalbox export --format csv         write the log as CSV

Exit codes: 0 all well, 1 the command failed, 2 arguments, environment or gateway.yaml are wrong.`,
  )
  .enablePositionalOptions();

// A sidecar runs for months, and the modules of all other commands would be 8 MB of it.
const isServe = process.argv[2] === "serve";
const commands = isServe ? [serveCommand()] : (await import("./commands.ts")).allCommands();
for (const command of commands) program.addCommand(command);
for (const command of [program, ...commands]) command.exitOverride();

// `serve` takes its environment as it is given: .env may hold provider keys, and the sidecar is to have none.
program.hook("preAction", (_program, command) => {
  if (command.name() !== "serve" && existsSync(".env")) loadEnvFile(".env");
});

// A reader that goes away, such as `head`, has had what it wanted.
for (const stream of [process.stdout, process.stderr]) stream.on("error", ignoreClosedReader);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** Sets what is not set. A byte order mark, as some editors write it, would become part of the first name. */
function loadEnvFile(path: string): void {
  const text = readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  for (const [name, value] of Object.entries(parseEnv(text))) process.env[name] ??= value;
}

function ignoreClosedReader(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}

/** Tells people what went wrong, in one message, and programs by the exit code. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.misused;
  if (error instanceof CliError || error instanceof SettingsError) {
    process.stderr.write(`${error.message}\n`);
    return error instanceof CliError ? error.exitCode : EXIT.misused;
  }
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`signalbox: ${message}\n`);
  if (process.env.LOG_LEVEL === "debug" && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return EXIT.failed;
}

/** Exit codes of every command. */
export const EXIT = {
  ok: 0,
  /** The command ran and failed. */
  failed: 1,
  /** What was given is wrong: arguments, gateway.yaml, environment. */
  misused: 2,
} as const;

/** An error that ends a command with a message for people and an exit code. */
export class CliError extends Error {
  override name = "CliError";
  readonly exitCode: number;

  constructor(exitCode: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

import { createServer } from "node:net";
import { CliError, EXIT } from "../cli-error.ts";

export interface WantedPort {
  /** What will listen, for messages. */
  readonly purpose: string;
  /** Variable of the environment that sets the port. */
  readonly variable: string;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

/**
 * Finds out whether a port can be listened on, and gives its number.
 *
 * @throws {CliError} where it cannot.
 */
export async function checkPort({ purpose, variable, host, port }: WantedPort): Promise<number> {
  try {
    return await tryPort(host, port);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : String(error);
    const found = code === "EADDRINUSE" ? `port ${port} of ${host} is in use` : `${code} on ${host}:${port}`;
    throw new CliError(
      EXIT.failed,
      `Cannot start ${purpose}: ${found}, expected a free port.\n` +
        `Stop what listens there, or choose another port: ${variable}=${port + 1} npm start`,
    );
  }
}

function tryPort(host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address();
      const bound = address !== null && typeof address === "object" ? address.port : port;
      server.close(() => resolve(bound));
    });
  });
}

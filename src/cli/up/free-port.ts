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
export async function checkPort(wanted: WantedPort): Promise<number> {
  const [port = wanted.port] = await checkPorts([wanted]);
  return port;
}

/**
 * The same for several, in order.
 *
 * @throws {CliError} naming all that cannot be listened on, and one command that gets by them.
 */
export async function checkPorts(wanted: readonly WantedPort[]): Promise<readonly number[]> {
  const tried = await Promise.all(wanted.map(tryWanted));
  const troubles = tried.filter((result) => typeof result !== "number");
  if (troubles.length === 0) return tried.filter((result) => typeof result === "number");
  const others = troubles.map(({ variable, port }) => `${variable}=${port + 1}`).join(" ");
  throw new CliError(
    EXIT.failed,
    [
      ...troubles.map(({ message }) => message),
      `Stop what listens there, or choose another port: ${others} npm start`,
    ].join("\n"),
  );
}

interface Trouble extends WantedPort {
  readonly message: string;
}

async function tryWanted(wanted: WantedPort): Promise<number | Trouble> {
  const { purpose, host, port } = wanted;
  try {
    return await tryPort(host, port);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : String(error);
    const found = code === "EADDRINUSE" ? `port ${port} of ${host} is in use` : `${code} on ${host}:${port}`;
    return { ...wanted, message: `Cannot start ${purpose}: ${found}, expected a free port.` };
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

/** Where `signalbox up` and the test runner tell people what happens. */
export interface Terminal {
  /** A line that stays. */
  line(text: string): void;
  /** What is being done just now: rewritten in place on a terminal, else a line now and then. */
  status(text: string): void;
}

/** How often the status is repeated where lines cannot be rewritten, so that logs stay short. */
const STATUS_INTERVAL_MS = 15_000;
const CLEAR_LINE = "\r\u001b[2K";

interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
  on(event: "error", listener: () => void): unknown;
}

/**
 * Writes to `output`, usually process.stdout. `now` is the time in milliseconds. Who reads it may be gone, as `tee` is
 * first after a Ctrl-C: what was started still has to be stopped.
 */
export function createTerminal(output: Output, now: () => number = Date.now): Terminal {
  output.on("error", () => undefined);
  return output.isTTY === true ? rewriting(output) : appending(output, now);
}

function rewriting(output: Output): Terminal {
  return {
    line: (text) => output.write(`${CLEAR_LINE}${text}\n`),
    status: (text) => output.write(`${CLEAR_LINE}${text}`),
  };
}

function appending(output: Output, now: () => number): Terminal {
  let lastStatusAt = now();
  return {
    line: (text) => output.write(`${text}\n`),
    status: (text) => {
      if (now() - lastStatusAt < STATUS_INTERVAL_MS) return;
      lastStatusAt = now();
      output.write(`${text}\n`);
    },
  };
}

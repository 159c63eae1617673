import { writeSync } from "node:fs";

const STDOUT = 1;

/**
 * Takes log lines to standard output, at once. A line that is not taken, by a full disk for one, is dropped: pino's
 * own output tries again and again, while no request is answered.
 */
export const logOutput = {
  write(line: string): void {
    try {
      let rest: Uint8Array = Buffer.from(line);
      while (rest.length > 0) rest = rest.subarray(writeSync(STDOUT, rest));
    } catch {
      // There is nobody left to tell.
    }
  },
};

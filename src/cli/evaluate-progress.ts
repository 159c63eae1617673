/** Time between two looks of a person at a figure that counts up, in milliseconds. */
const UPDATE_INTERVAL_MS = 200;
const ERASE_LINE = "\r\u001b[2K";

/** Tells people what is being done; programs see nothing but what is said. */
export interface EvaluateProgress {
  update(text: string): void;
  /** A line that stays. */
  say(text: string): void;
  end(): void;
}

/** @param stream standard error: progress is drawn where it is a terminal. */
export function createEvaluateProgress(stream: {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}): EvaluateProgress {
  const draw = (text: string) => {
    if (stream.isTTY) stream.write(`${ERASE_LINE}${text}`);
  };
  let lastUpdate = 0;
  return {
    update(text) {
      if (performance.now() - lastUpdate < UPDATE_INTERVAL_MS) return;
      lastUpdate = performance.now();
      draw(text);
    },
    say(text) {
      draw("");
      stream.write(`${text}\n`);
    },
    end: () => draw(""),
  };
}

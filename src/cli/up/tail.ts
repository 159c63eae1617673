/** The newest lines of a program's output, for the message when it fails. */
export interface Tail {
  add(line: string): void;
  lines(): readonly string[];
}

const LINES_KEPT = 40;

export function createTail(): Tail {
  const kept: string[] = [];
  return {
    add: (line) => {
      kept.push(line);
      if (kept.length > LINES_KEPT) kept.shift();
    },
    lines: () => kept,
  };
}

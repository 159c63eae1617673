/** A fenced block of a Markdown file. */
export interface Fence {
  readonly language: string;
  readonly text: string;
  /** 1-based line of its first line of text. */
  readonly line: number;
}

/** Fenced blocks in order; the indentation of the fence is taken off its lines. */
export function readFences(markdown: string): Fence[] {
  const fences: Fence[] = [];
  const lines = markdown.split("\n");
  for (let at = 0; at < lines.length; at += 1) {
    const [, indent, language] = /^( *)```(\w*)$/.exec(lines[at] ?? "") ?? [];
    if (indent === undefined || language === undefined) continue;
    const end = lines.indexOf(`${indent}\`\`\``, at + 1);
    if (end === -1) throw new Error(`Cannot read line ${at + 1}: found an open fence, expected its end`);
    const text = lines.slice(at + 1, end).map((line) => line.slice(indent.length));
    fences.push({ language, text: text.join("\n"), line: at + 2 });
    at = end;
  }
  return fences;
}

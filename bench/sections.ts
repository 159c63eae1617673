const SPEED_PREFACE = `# Speed

Written by \`npm run bench -- --write\`. Each section says how, where and when it was measured; the aims stand beside
the figures, missed ones too.`;

interface Replacement {
  readonly title: string;
  readonly section: string;
  /** What an empty document begins with. */
  readonly preface?: string;
}

/** Puts a section (`## title` and what follows) in the place of the one of that title, or at the end. */
export function replaceSection(
  document: string,
  { title, section, preface = SPEED_PREFACE }: Replacement,
): string {
  const [before, ...sections] = document.trimEnd().split(/^(?=## )/m);
  const isIt = (text: string) => text.startsWith(`## ${title}\n`);
  const replaced = sections.map((text) => (isIt(text) ? section : text.trimEnd()));
  const all = sections.some(isIt) ? replaced : [...replaced, section];
  return `${[before?.trim() || preface, ...all].join("\n\n")}\n`;
}

/** Width of the column of labels, in characters. */
const LABEL_WIDTH = 14;

/** A label and a text beside it. */
export function line(label: string, text: string): string {
  return `${label.padEnd(LABEL_WIDTH)}${text}`;
}

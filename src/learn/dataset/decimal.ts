/** Reads a number with a point or, as much of the world writes it, with a comma; NaN where it is none. */
export function parseDecimal(text: string): number {
  return Number(text.replace(",", "."));
}

/** An entry of a list of figures, for loops that stay inside it: 0 outside. */
export function numberAt(list: ArrayLike<number>, index: number): number {
  return list[index] ?? 0;
}

/*
 * Entries of typed arrays, for loops that stay inside them: 0 outside. One function for each kind of array, because
 * the engine compiles a function that meets one kind only into a plain load; these loops run a thousand times over
 * every prompt. An index below 0 would undo that for all of them.
 */

/** A figure of a list. */
export function numberAt(list: Float64Array, index: number): number {
  return list[index] ?? 0;
}

/** A row, or a position, of a list of them. */
export function rowAt(list: Uint32Array, index: number): number {
  return list[index] ?? 0;
}

/** How often a row counts; a flag of it, or its rung. */
export function countAt(list: Uint8Array, index: number): number {
  return list[index] ?? 0;
}

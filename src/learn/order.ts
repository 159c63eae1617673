import { rowAt } from "./number-at.ts";
import type { Random } from "./random.ts";

/** Prompts from the highest score to the lowest, cut into ties. */
export interface Order {
  /** Indices of prompts. */
  readonly rows: Uint32Array;
  /** For each tie the position in `rows` after its last prompt: ascending, the last one is `rows.length`. */
  readonly tieEnds: Uint32Array;
}

/** @param scores one a prompt, higher = needs the strong model; finite. */
export function orderByScore(scores: ArrayLike<number>): Order {
  const scoreOf = (row: number) => scores[row] ?? 0;
  const rows = new Uint32Array(scores.length).map((_, row) => row);
  rows.sort((a, b) => scoreOf(b) - scoreOf(a));
  return { rows, tieEnds: endsWhere(rows, (one, next) => scoreOf(one) !== scoreOf(next)) };
}

/** An order that no score made: what a random router sends first, second and so on. */
export function orderAtRandom(size: number, random: Random): Order {
  const rows = new Uint32Array(size).map((_, row) => row);
  for (let last = size - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    const row = rowAt(rows, last);
    rows[last] = rowAt(rows, other);
    rows[other] = row;
  }
  return { rows, tieEnds: rows.map((_, at) => at + 1) };
}

/**
 * Cuts an order into one for each group; prompts keep their order and their ties.
 *
 * @param groupOf the group of each prompt, an index in 0..groups-1.
 */
export function orderByGroup(order: Order, groupOf: Uint32Array, groups: number): Order[] {
  const tieOf = new Uint32Array(groupOf.length);
  let from = 0;
  order.tieEnds.forEach((end, tie) => {
    for (; from < end; from += 1) tieOf[rowAt(order.rows, from)] = tie;
  });
  const members: number[][] = Array.from({ length: groups }, () => []);
  for (const row of order.rows) members[rowAt(groupOf, row)]?.push(row);
  return members.map((list) => {
    const rows = Uint32Array.from(list);
    return { rows, tieEnds: endsWhere(rows, (one, next) => tieOf[one] !== tieOf[next]) };
  });
}

function endsWhere(rows: Uint32Array, isCut: (row: number, next: number) => boolean): Uint32Array {
  const ends: number[] = [];
  for (let i = 1; i < rows.length; i += 1) if (isCut(rowAt(rows, i - 1), rowAt(rows, i))) ends.push(i);
  if (rows.length > 0) ends.push(rows.length);
  return Uint32Array.from(ends);
}

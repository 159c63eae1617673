/** The turns of a long conversation. */
const TURNS = 64;
/** A request, it as it was at its newest turn, and what else one decision supposes of it. */
export const REQUESTS = 8;

const memories: (() => void)[] = [];

/**
 * Lets go of all that is remembered. Called when a decision is done, for nothing of it is asked for again: what the
 * next decision would overwrite one by one outlives the young generation, and all memory is collected twice as often.
 */
export function forgetRecent(): void {
  for (const forget of memories) forget();
}

/**
 * Makes what remembers a value for each of the last `places` objects (a power of two), so that several steps of a
 * decision can ask for it and one works it out. What is remembered lives that much longer, until `forgetRecent()`, and
 * requests are large. A WeakMap would do, but costs the garbage collector more than a decision takes.
 */
export function rememberRecent<
  K extends object,
  V extends NonNullable<unknown>,
  A extends readonly unknown[] = [],
>(find: (key: K, ...more: A) => V, places = TURNS): (key: K, ...more: A) => V {
  const keys: (K | null)[] = Array.from({ length: places }, () => null);
  const values: (V | null)[] = Array.from({ length: places }, () => null);
  let next = 0;
  let filled = 0;
  memories.push(() => {
    for (let place = 0; place < filled; place += 1) {
      keys[place] = null;
      values[place] = null;
    }
    next = 0;
    filled = 0;
  });
  return (key, ...more) => {
    // The newest is asked for most.
    for (let back = 1; back <= filled; back += 1) {
      const place = (next - back) & (places - 1);
      const value = values[place];
      if (keys[place] === key && value !== null && value !== undefined) return value;
    }
    const value = find(key, ...more);
    keys[next] = key;
    values[next] = value;
    next = (next + 1) & (places - 1);
    if (filled < places) filled += 1;
    return value;
  };
}

/** Most objects that are remembered: the turns of a long conversation. */
const PLACES = 64;

/**
 * Makes what remembers a value for each of the last 64 objects, so that several steps of a decision can ask for it and
 * one works it out. A WeakMap would do, but costs the garbage collector more than a decision takes.
 */
export function rememberRecent<
  K extends object,
  V extends NonNullable<unknown>,
  A extends readonly unknown[] = [],
>(find: (key: K, ...more: A) => V): (key: K, ...more: A) => V {
  const keys: (K | null)[] = Array.from({ length: PLACES }, () => null);
  const values: V[] = [];
  let next = 0;
  return (key, ...more) => {
    // The newest is asked for most.
    for (let back = 1; back <= PLACES; back += 1) {
      const place = (next - back) & (PLACES - 1);
      const value = values[place];
      if (keys[place] === key && value !== undefined) return value;
    }
    const value = find(key, ...more);
    keys[next] = key;
    values[next] = value;
    next = (next + 1) & (PLACES - 1);
    return value;
  };
}

/** The turns of a long conversation. */
const TURNS = 64;
/** A request, it as it was at its newest turn, and what else one decision supposes of it. */
export const REQUESTS = 8;

/**
 * Makes what remembers a value for each of the last `places` objects (a power of two), so that several steps of a
 * decision can ask for it and one works it out. What is remembered lives that much longer, and requests are large. A
 * WeakMap would do, but costs the garbage collector more than a decision takes.
 */
export function rememberRecent<
  K extends object,
  V extends NonNullable<unknown>,
  A extends readonly unknown[] = [],
>(find: (key: K, ...more: A) => V, places = TURNS): (key: K, ...more: A) => V {
  const keys: (K | null)[] = Array.from({ length: places }, () => null);
  const values: V[] = [];
  let next = 0;
  return (key, ...more) => {
    // The newest is asked for most.
    for (let back = 1; back <= places; back += 1) {
      const place = (next - back) & (places - 1);
      const value = values[place];
      if (keys[place] === key && value !== undefined) return value;
    }
    const value = find(key, ...more);
    keys[next] = key;
    values[next] = value;
    next = (next + 1) & (places - 1);
    return value;
  };
}

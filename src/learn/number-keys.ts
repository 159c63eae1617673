/** Numbers keys by when they first come. */
export function numberKeys(keys: readonly string[]): {
  readonly numbers: Uint32Array;
  readonly count: number;
} {
  const known = new Map<string, number>();
  const numbers = Uint32Array.from(keys, (key) => {
    const number = known.get(key) ?? known.size;
    known.set(key, number);
    return number;
  });
  return { numbers, count: known.size };
}

/** How many of how many. */
export interface Share {
  readonly count: number;
  readonly of: number;
}

/** Standard deviations of a normal distribution that hold 95 %. */
const Z95 = 1.959964;

/** `12.3 [11.0, 13.7] %`: a share with its 95 % interval by Wilson (1927); "-" of nothing. */
export function showShare({ count, of }: Share): string {
  if (of === 0) return "-";
  const [low, high] = wilsonInterval({ count, of });
  const percent = (share: number) => (100 * share).toFixed(1);
  return `${percent(count / of)} [${percent(low)}, ${percent(high)}] %`;
}

/** The 95 % interval of a share, 0..1; `of` is at least 1. */
export function wilsonInterval({ count, of }: Share): [low: number, high: number] {
  const share = count / of;
  const square = Z95 ** 2 / of;
  const middle = (share + square / 2) / (1 + square);
  const reach = (Z95 * Math.sqrt((share * (1 - share)) / of + square / (4 * of))) / (1 + square);
  return [Math.max(0, middle - reach), Math.min(1, middle + reach)];
}

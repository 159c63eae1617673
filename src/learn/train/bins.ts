/** Most steps that a feature's values are cut into. */
const MAX_BINS = 64;

/** Numbers of many rows, each feature cut into steps of about as many rows. */
export interface Binned {
  readonly rows: number;
  readonly features: number;
  /** The step of each row, feature by feature: `codes[feature * rows + row]`. */
  readonly codes: Uint8Array;
  /** For each feature the highest value of each step but the last. */
  readonly cuts: readonly Float32Array[];
}

/** Cuts the numbers of rows into steps. @param numbers one list a row, all of one length. */
export function binNumbers(numbers: readonly Float32Array[]): Binned {
  const rows = numbers.length;
  const features = numbers[0]?.length ?? 0;
  const codes = new Uint8Array(rows * features);
  const columns = toColumns(numbers, features);
  const cuts = Array.from({ length: features }, (_, feature) => {
    const column = columns.subarray(feature * rows, (feature + 1) * rows);
    const found = cutColumn(column);
    for (let row = 0; row < rows; row += 1) codes[feature * rows + row] = codeOf(found, column[row] ?? 0);
    return found;
  });
  return { rows, features, codes, cuts };
}

/** Numbers feature by feature: read row by row, as they lie. */
function toColumns(numbers: readonly Float32Array[], features: number): Float32Array {
  const columns = new Float32Array(numbers.length * features);
  for (const [row, values] of numbers.entries()) {
    for (let feature = 0; feature < features; feature += 1) {
      columns[feature * numbers.length + row] = values[feature] ?? 0;
    }
  }
  return columns;
}

/** Cuts between neighbouring values, about as many rows in each step; a value never falls into two. */
function cutColumn(column: Float32Array): Float32Array {
  const sorted = column.toSorted();
  const cuts: number[] = [];
  const size = sorted.length / MAX_BINS;
  let next = size;
  for (let i = 1; i < sorted.length && cuts.length < MAX_BINS - 1; i += 1) {
    const [below, value] = [sorted[i - 1] ?? 0, sorted[i] ?? 0];
    if (i < next || below === value) continue;
    cuts.push(Math.fround(roundBetween(below, value)));
    next = i + size;
  }
  return Float32Array.from(cuts);
}

/** The number of fewest digits from `low` up to, but not including, `high`: thresholds that a person can read. */
function roundBetween(low: number, high: number): number {
  for (let digits = 1; digits < 9; digits += 1) {
    const rounded = Math.fround(Number(((low + high) / 2).toPrecision(digits)));
    if (rounded >= low && rounded < high) return rounded;
  }
  return low;
}

function codeOf(cuts: Float32Array, value: number): number {
  let [low, high] = [0, cuts.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (value <= (cuts[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}

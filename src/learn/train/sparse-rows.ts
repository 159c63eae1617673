import { createWordVectorReader } from "../../classify/ml/word-vector.ts";
import { numberAt, rowAt } from "../number-at.ts";

/** Sparse rows, one after the other. */
export interface SparseRows {
  readonly columns: number;
  /** Where each row begins; one more than there are rows. */
  readonly starts: Uint32Array;
  readonly places: Uint32Array;
  readonly values: Float64Array;
}

/** The word vectors of texts. @param words hashed words, one list a row. */
export function wordRows(words: readonly Int32Array[], bits: number): SparseRows {
  const read = createWordVectorReader(bits);
  const starts = new Uint32Array(words.length + 1);
  const most = words.reduce((sum, list) => sum + 2 * list.length, 0);
  const [places, values] = [new Uint32Array(most), new Float64Array(most)];
  let end = 0;
  words.forEach((list, row) => {
    const vector = read(list);
    places.set(vector.places.subarray(0, vector.size), end);
    values.set(vector.values.subarray(0, vector.size), end);
    end += vector.size;
    starts[row + 1] = end;
  });
  return { columns: 2 ** bits, starts, places: places.subarray(0, end), values: values.subarray(0, end) };
}

/** The product of every row with a vector. */
export function times({ starts, places, values }: SparseRows, vector: Float64Array): Float64Array {
  const product = new Float64Array(starts.length - 1);
  for (let row = 0; row < product.length; row += 1) {
    let sum = 0;
    const end = rowAt(starts, row + 1);
    for (let i = rowAt(starts, row); i < end; i += 1)
      sum += numberAt(values, i) * numberAt(vector, rowAt(places, i));
    product[row] = sum;
  }
  return product;
}

/** The product of every column with a vector of one number a row. */
export function transposedTimes(
  { columns, starts, places, values }: SparseRows,
  vector: Float64Array,
): Float64Array {
  const product = new Float64Array(columns);
  for (let row = 0; row < vector.length; row += 1) {
    const factor = numberAt(vector, row);
    const end = rowAt(starts, row + 1);
    for (let i = rowAt(starts, row); i < end; i += 1) {
      const place = rowAt(places, i);
      product[place] = numberAt(product, place) + factor * numberAt(values, i);
    }
  }
  return product;
}

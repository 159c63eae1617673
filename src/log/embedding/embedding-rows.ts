import type { ClientBase } from "pg";
import { uuidLowerBound } from "../uuid-lower-bound.ts";

/** A row whose newest human turn has no embedding yet. */
export interface RowToEmbed {
  readonly id: string;
  readonly text: string;
}

/** An embedding to be stored; `vector` null where the model does not take the text. */
export interface MadeEmbedding {
  readonly id: string;
  readonly vector: readonly number[] | null;
}

export interface FindOptions {
  /** Rows of decisions from then on. */
  readonly since: Date;
  /** Characters of a text that are embedded. */
  readonly maxChars: number;
  readonly limit: number;
}

const FIND = `
  SELECT id, left(user_text, $2) AS text
  FROM routing_logs
  WHERE id >= $1 AND embedding_dim IS NULL AND user_text <> ''
  ORDER BY id
  LIMIT $3`;

/** The oldest rows that are to be embedded. */
export async function findRowsToEmbed(client: ClientBase, options: FindOptions): Promise<RowToEmbed[]> {
  const values = [uuidLowerBound(options.since), options.maxChars, options.limit];
  const { rows } = await client.query<RowToEmbed>({ name: "signalbox_find_to_embed", text: FIND, values });
  return rows;
}

// The bounds are there for the planner: it leaves out the partitions of other days.
const STORE = `
  UPDATE routing_logs l
  SET embedding = made.embedding, embedding_model = $4, embedding_dim = made.dim
  FROM unnest($1::uuid[], $2::bytea[], $3::integer[]) AS made (id, embedding, dim)
  WHERE l.id = made.id AND l.id >= $5 AND l.id <= $6`;

/** Stores embeddings as float32, little-endian. A row without one gets the dimension 0, and is not tried again. */
export async function storeEmbeddings(
  client: ClientBase,
  made: readonly MadeEmbedding[],
  model: string,
): Promise<void> {
  const ids = made.map(({ id }) => id).sort();
  const values = [
    made.map(({ id }) => id),
    made.map(({ vector }) => (vector === null ? null : toBytes(vector))),
    made.map(({ vector }) => vector?.length ?? 0),
    model,
    ids[0],
    ids.at(-1),
  ];
  await client.query({ name: "signalbox_store_embeddings", text: STORE, values });
}

const FLOAT32_BYTES = 4;

function toBytes(vector: readonly number[]): Buffer {
  const bytes = Buffer.alloc(vector.length * FLOAT32_BYTES);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * FLOAT32_BYTES);
  return bytes;
}

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { z } from "zod";
import { RARITIES, RARITY_BITS } from "../src/classify/features/word-rarity.ts";
import { MAX_WORD_CHARS, readWords } from "../src/classify/features/words.ts";

/*
 * Makes src/classify/features/word-rarity.json: how rare the words of prompts are. A benchmark's own words are common
 * only within it, so each benchmark has the same say, whatever its size. After it, raise FEATURE_VERSION and train anew.
 */

const TARGET = "src/classify/features/word-rarity.json";
const PLACES = 2 ** RARITY_BITS;

/** Prompt files and the collections in them whose licence lets a table be made of them. */
const SOURCES = [
  { file: "outcomes-dev.jsonl.gz", without: [] },
  { file: "tier-labels-dev.jsonl.gz", without: [] },
  { file: "prompts-dev.jsonl.gz", without: ["alignbench"] },
];

const lineSchema = z.object({ prompt: z.string(), suite: z.string().optional(), set: z.string().optional() });

interface Collection {
  texts: number;
  readonly texted: Uint32Array;
}

const { values } = parseArgs({ options: { data: { type: "string" } } });
if (values.data === undefined)
  throw new Error("Cannot train: found no --data, expected the folder of the prompts");

const collections = new Map<string, Collection>();
for (const { file, without } of SOURCES) {
  const text = gunzipSync(readFileSync(join(values.data, file))).toString();
  for (const line of text.trim().split("\n")) {
    const { prompt, suite, set } = lineSchema.parse(JSON.parse(line));
    const name = suite ?? set ?? file;
    if (!without.some((prefix) => name.startsWith(prefix))) count(name, prompt);
  }
}

function count(name: string, prompt: string): void {
  const collection = collections.get(name) ?? { texts: 0, texted: new Uint32Array(PLACES) };
  collections.set(name, collection);
  collection.texts += 1;
  const places = new Set(Array.from(readWords(prompt.slice(0, MAX_WORD_CHARS)).hashes, placeOf));
  for (const place of places) collection.texted[place] = (collection.texted[place] ?? 0) + 1;
}

function placeOf(hash: number): number {
  return hash >>> (32 - RARITY_BITS);
}

function rarityOf(place: number): number {
  let share = 0;
  for (const { texts, texted } of collections.values())
    share += (texted[place] ?? 0) / texts / collections.size;
  return share === 0 ? RARITIES - 1 : Math.min(RARITIES - 1, Math.round(-Math.log2(share)));
}

const bytes = Buffer.alloc(PLACES / 2);
for (let place = 0; place < PLACES; place += 1) {
  const at = place >>> 1;
  bytes[at] = (bytes[at] ?? 0) | (rarityOf(place) << (place % 2 === 0 ? 0 : 4));
}
const sources = [...collections].map(([name, { texts }]) => `${name}: ${texts} prompts`);
writeFileSync(TARGET, `${JSON.stringify({ sources, rarities: bytes.toString("base64") }, null, 2)}\n`);
process.stdout.write(`${TARGET}: ${collections.size} collections\n`);

import { rememberRecent } from "../../request/recent.ts";
import type { HumanTurn, RouteRequest } from "../../request/route-request.ts";
import { withoutCourtesies } from "../courtesy.ts";
import { withoutPastedProse } from "../pasted-prose.ts";
import { countCharacters } from "./characters.ts";
import { FEATURES } from "./feature-list.ts";
import { countLines } from "./lines.ts";
import { tidyBlanks } from "./tidy-blanks.ts";
import { readToolWords } from "./tool-words.ts";
import { findKinds } from "./word-kinds.ts";
import { MAX_WORD_CHARS, readWords } from "./words.ts";

/** What a trained classifier reads of a request. */
export interface Features {
  /** One number for each of `FEATURE_NAMES`, in their order: finite, 0 and up, three decimals. */
  readonly numbers: Float32Array;
  /** Hashes of the words in order, of which pairs are made. */
  readonly words: Int32Array;
}

/** Most UTF-16 code units whose characters and lines are counted: head and tail, as the callback cuts a turn. */
const MAX_COUNTED = 16_000;
const HEAD_SHARE = 0.3;

/** Three decimals: a row of the log then takes a kilobyte, and no feature needs more. */
const PRECISION = 1_000;

/** Single precision holds three decimals up to here, and whole numbers up to there; the client's figures may be any. */
const DECIMALS_BELOW = 2 ** 12;
const MAX_VALUE = 2 ** 24;

const READERS = FEATURES.map(([, readFeature]) => readFeature);

const readRecent = rememberRecent((turn: HumanTurn, request: RouteRequest) => read(request, askedOf(turn)));

/**
 * Reads the features of a turn within its request; of a turn that was read before they are at hand. Deterministic, and
 * bounded whatever the text is.
 */
export function readFeatures(request: RouteRequest, turn: HumanTurn): Features {
  return readRecent(turn, request);
}

/** Reads the features of a part of what `readAsked` gave, of which nothing has to be taken off. */
export function readPartFeatures(request: RouteRequest, part: HumanTurn): Features {
  return read(request, part);
}

const askedOf: (turn: HumanTurn) => HumanTurn = rememberRecent(strip);

/** What of a turn is read: its head and tail, without manners and without prose that stands beside a question. */
export function readAsked(turn: HumanTurn): string {
  return askedOf(turn).text;
}

function strip(turn: HumanTurn): HumanTurn {
  const { text, chars } = withoutCourtesies(turn);
  return { text: tidyBlanks(withoutPastedProse(headAndTail(text, MAX_COUNTED, HEAD_SHARE))), chars };
}

function read(request: RouteRequest, turn: HumanTurn): Features {
  const counted = turn.text;
  const worded = headAndTail(counted, MAX_WORD_CHARS, 1 / 2);
  const words = readWords(worded);
  const reading = {
    request,
    turn,
    characters: countCharacters(counted),
    lines: countLines(counted),
    words,
    kinds: findKinds(worded),
    tools: readToolWords(request.facts.toolText, words.hashes),
  };
  const numbers = new Float32Array(READERS.length);
  READERS.forEach((readFeature, at) => {
    numbers[at] = toStored(readFeature(reading));
  });
  return { numbers, words: words.hashes.slice() };
}

/** As the log keeps it, so that a model sees in service what it saw in training. */
function toStored(value: number): number {
  const bounded = value >= 0 ? Math.min(value, MAX_VALUE) : 0;
  return bounded < DECIMALS_BELOW ? Math.round(bounded * PRECISION) / PRECISION : Math.round(bounded);
}

function headAndTail(text: string, most: number, headShare: number): string {
  if (text.length <= most) return text;
  const head = Math.floor((most - 1) * headShare);
  return `${text.slice(0, head)}\n${text.slice(head + 1 - most)}`;
}

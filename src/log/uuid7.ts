/** What an id is made of; both are given, so that tests can say what they are. */
export interface Uuid7Options {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** In [0, 1), `Math.random` for one. */
  readonly random: () => number;
}

const MAX_SEQUENCE = 0xfff;
/** The sequence starts in the lower half of its 12 bits, so that a millisecond has room for 2,048 ids and more. */
const SEQUENCE_START_RANGE = 0x800;

/**
 * How far ids may be ahead of the clock, in milliseconds. Where it goes back further it was wrong before, and ids that went
 * on from there would be of a time to come until the next start: of no day that has a partition, and unknown to feedback.
 */
const MAX_AHEAD_MS = 60_000;

/**
 * Returns a function that makes UUIDv7 ids (RFC 9562). Within one process every id is greater than the one
 * before, also when the clock stands still or goes back by up to a minute: the 12 bits after the version are a sequence, and
 * where it is used up the time goes ahead of the clock by a millisecond.
 */
export function createUuid7({ now, random }: Uuid7Options): () => string {
  let lastMs = 0;
  let sequence = MAX_SEQUENCE;
  return () => {
    const ms = now();
    if (lastMs - ms > MAX_AHEAD_MS) lastMs = 0;
    if (ms > lastMs || sequence === MAX_SEQUENCE) {
      lastMs = Math.max(ms, lastMs + 1);
      sequence = Math.floor(random() * SEQUENCE_START_RANGE);
    } else {
      sequence += 1;
    }
    return format(lastMs, sequence, random);
  };
}

function format(ms: number, sequence: number, random: () => number): string {
  const time = `${hex(Math.floor(ms / 2 ** 16), 8)}-${hex(ms % 2 ** 16, 4)}`;
  const variant = hex(0x8000 + Math.floor(random() * 0x4000), 4);
  const node = Math.floor(random() * 2 ** 48);
  // In halves: V8 writes integers of up to 31 bits several times faster than larger ones.
  return `${time}-7${hex(sequence, 3)}-${variant}-${hex(Math.floor(node / 2 ** 24), 6)}${hex(node % 2 ** 24, 6)}`;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}

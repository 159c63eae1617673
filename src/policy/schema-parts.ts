import { z } from "zod";
import { MAX_PATTERN_CHARS } from "./glob.ts";

/** Most patterns of a list: a request is matched against each. */
export const MAX_PATTERNS = 256;

/** How the order within a pool of models can be chosen. */
export const PICKS = ["first", "cost", "latency", "quality", "balanced", "weighted"] as const;

/*
 * The shape of `routing` in gateway.yaml. Every `error` is what was expected, in words: the loader puts what
 * was found before it. Every `.describe()` is the key's line in docs/configuration.md.
 */

/** A mapping that takes no other keys. The error of an unknown key is the list of the known ones. */
export function mapping<const Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const known = Object.keys(shape).join(", ");
  return z.strictObject(shape, {
    error: (issue) => (issue.code === "unrecognized_keys" ? known : `a mapping with ${known}`),
  });
}

/** A list. `expected` is said where something else stands there. */
export const list = <Item extends z.ZodType>(item: Item, expected: string) =>
  z.array(item, { error: expected });

/** An integer, both bounds included. */
export function integer(low: number, high: number) {
  const error = `an integer in ${low}..${high}`;
  return z.int({ error }).min(low, { error }).max(high, { error });
}

/** A number, both bounds included. */
export function real(low: number, high: number) {
  const error = `a number in ${low}..${high}`;
  return z.number({ error }).min(low, { error }).max(high, { error });
}

/** Below it a share may have been meant that is too high. */
const LEAST_PERCENTS = 2;

/** A number from 0 on that is a share of a whole; where percents were written, the error says what they are. */
export function share(high: number) {
  const error = ({ input }: { readonly input?: unknown }) => {
    const isPercent = typeof input === "number" && input >= LEAST_PERCENTS && input <= 100 * high;
    return `a number in 0..${high}${isPercent ? `: ${input} % are ${input / 100}` : ""}`;
  };
  return z.number({ error }).min(0, { error }).max(high, { error });
}

/** A text that is not empty. */
export function text(expected: string, maxChars = 200) {
  return z.string({ error: expected }).min(1, { error: expected }).max(maxChars, { error: expected });
}

/** One of a few words. */
export const oneOf = <const Value extends string>(values: readonly [Value, ...Value[]]) =>
  z.enum(values, { error: `one of ${values.join(", ")}` });

/** true or false. */
export const flag = () => z.boolean({ error: "true or false" });

const pattern = () => text(`a pattern of 1 to ${MAX_PATTERN_CHARS} characters`, MAX_PATTERN_CHARS);

/** Patterns of model names. */
export const patterns = () => {
  const expected = `a list of at most ${MAX_PATTERNS} patterns`;
  return list(pattern(), expected).max(MAX_PATTERNS, { error: expected });
};

/** Longest phrase in UTF-16 code units, and most of a list. */
const MAX_PHRASE_CHARS = 100;
const MAX_PHRASES = 500;

/** Phrases that are looked for in what people write. */
export const phrases = () => {
  const expected = `a list of at most ${MAX_PHRASES} phrases`;
  const letters = "a phrase with a letter or digit in it";
  const phrase = text(`a phrase of 1 to ${MAX_PHRASE_CHARS} characters`, MAX_PHRASE_CHARS);
  // No pattern: as a pattern of a JSON schema it would need a flag that not every editor sets.
  return list(
    phrase.refine((text) => /[\p{L}\p{N}]/u.test(text), { error: letters }),
    expected,
  ).max(MAX_PHRASES, {
    error: expected,
  });
};

/** A base URL that fetch() takes. It takes none with a user name or a password, and tells both in its error. */
export const url = () => {
  const error = "a URL that starts with http:// or https://";
  const parts = "a URL with a name or address of a host, and a port of at most 65535";
  return z
    .string({ error })
    .regex(/^https?:\/\/[^\s/]/, { error })
    .refine((text) => URL.canParse(text), { error: parts })
    .refine(hasNoUser, { error: "a URL without user name and password" });
};

function hasNoUser(text: string): boolean {
  const { username = "", password = "" } = URL.parse(text) ?? {};
  return username === "" && password === "";
}

/** A name of a model. */
export const modelName = () => text("the name of a model", MAX_PATTERN_CHARS);

/** A relative share. */
export const weight = () => {
  const error = "a number above 0, at most 1000000";
  return z.number({ error }).positive({ error }).max(1_000_000, { error });
};

/** BSGateway's way to write a duration: seconds without the unit in the name. */
export const seconds = () =>
  real(0.001, 600)
    .optional()
    .describe("BSGateway's spelling of `timeout_ms`, in seconds; taken with a warning.");

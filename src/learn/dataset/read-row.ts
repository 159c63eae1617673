import { categoryOf } from "../../classify/category/category.ts";
import { FEATURE_GROUPS, FEATURE_NAMES, FEATURE_VERSION } from "../../classify/features/feature-list.ts";
import { type Features, readFeatures, readPartFeatures } from "../../classify/features/read-features.ts";
import { textParts } from "../../classify/ml/text-parts.ts";
import type { Classify } from "../../classify/verdict.ts";
import type { TurnPolicy } from "../../decide/conversation.ts";
import type { OutcomeLine } from "../outcomes.ts";
import { type Asked, readPrompt, readQuestion } from "../score-prompt.ts";
import { conversationOf } from "./conversation-of.ts";
import { digestOf } from "./digest-of.ts";
import type { LogRecord } from "./log-record.ts";
import type { TrainingRow } from "./training-row.ts";

/** Digits of a UUIDv7 that are its time in milliseconds. */
const TIME_DIGITS = 12;

/** Makes a row of a prompt with what models reached on it; null where no human's text is in it. */
export function outcomeRow(
  line: OutcomeLine,
  { keywords, policy }: { readonly keywords: Classify; readonly policy: TurnPolicy },
): TrainingRow | null {
  const asked = readQuestion(line, policy);
  if (asked === null) return null;
  return {
    ...readText(asked, keywords),
    // The same words with other tools are another task.
    digest: digestOf(JSON.stringify(line.body ?? line.prompt)),
    suite: line.suite,
    group: line.group,
    conversation: conversationOf(asked.request, line.id),
    atMs: null,
    caller: null,
    outcomes: line.models,
    needs: [],
  };
}

/** The caller of requests that came without a key. */
const NO_KEY = "without a key";

/**
 * Makes a row of a logged decision. Its features are as they were logged, its words those of the stored text; where
 * one of the two was not kept, of what is there.
 *
 * @returns null where neither tells anything.
 */
export function logRow(record: LogRecord, keywords: Classify): TrainingRow | null {
  const asked = record.userText ? readPrompt(record.userText) : null;
  const logged = record.features?.version === FEATURE_VERSION ? record.features.numbers : null;
  const numbers = logged?.length === FEATURE_NAMES.length ? logged : null;
  const read = asked === null ? withoutText(numbers) : readText(asked, keywords);
  if (read === null) return null;
  return {
    ...read,
    ...(numbers === null ? {} : withLogged(read, numbers)),
    suite: "log",
    conversation: record.conversationId ?? record.id,
    atMs: Number.parseInt(record.id.replaceAll("-", "").slice(0, TIME_DIGITS), 16),
    caller: record.keyHash ?? NO_KEY,
    outcomes: record.outcomes,
    needs: record.needs,
  };
}

/** Groups of features that tell of the request around a text. They stand last. */
const AROUND_GROUPS = 2;
const FIRST_AROUND = FEATURE_GROUPS.slice(0, -AROUND_GROUPS).reduce(
  (sum, [, group]) => sum + group.length,
  0,
);

/** The logged numbers in place of those of the text alone; what they tell of the request holds for the parts too. */
function withLogged(
  { features, parts }: Read,
  logged: Float32Array,
): Pick<TrainingRow, "features" | "parts"> {
  return {
    features: { ...features, numbers: logged },
    parts: parts.map(({ numbers, words }) => {
      return { numbers: numbers.map((value, at) => (at < FIRST_AROUND ? value : (logged[at] ?? 0))), words };
    }),
  };
}

type Read = Pick<TrainingRow, "digest" | "features" | "parts" | "length" | "keywordScore" | "group">;

function readText({ request, turn }: Asked, keywords: Classify): Read {
  return {
    digest: digestOf(turn.text),
    features: readFeatures(request, turn),
    parts: textParts(turn).map((part) => readPartFeatures(request, part)),
    length: turn.chars,
    keywordScore: keywords(request, turn).score,
    group: categoryOf(request, turn),
  };
}

const CHARS = FEATURE_NAMES.indexOf("chars");

function withoutText(numbers: Float32Array | null): Read | null {
  if (numbers === null) return null;
  const features: Features = { numbers, words: new Int32Array() };
  return {
    digest: digestOf(numbers),
    features,
    parts: [],
    length: numbers[CHARS] ?? 0,
    keywordScore: 0,
    group: "text not stored",
  };
}

import { z } from "zod";
import { CATEGORIES } from "../classify/category/categories.ts";
import { LANGUAGE_CODES } from "../classify/language/language-codes.ts";
import { MAX_PATTERN_CHARS } from "./glob.ts";
import { flag, integer, list, mapping, modelName, oneOf, PICKS, real, text } from "./schema-parts.ts";
import { MAX_TEXT_PATTERN_CHARS } from "./text-patterns.ts";

/** Most rules of a policy, and most values of one condition. */
const MAX_RULES = 500;
const MAX_VALUES = 100;
const MAX_RULE_NAME_CHARS = 100;

/** More tokens than any context window. */
const MAX_TOKENS = 100_000_000;
const MAX_TURNS = 100_000;

/** LiteLLM's call types that the callback asks about. */
const CALL_TYPES = [
  "acompletion",
  "completion",
  "atext_completion",
  "text_completion",
  "anthropic_messages",
  "aresponses",
] as const;

/** Days of the week in the order of their numbers. */
export const WEEKDAYS: readonly string[] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/** One value, or a list of values of which one is enough. */
function anyOf<Item extends z.ZodType>(item: Item, expected: string) {
  const error = `${expected}, or a list of at most ${MAX_VALUES} of them`;
  // The list goes first: of a union the branch of the kind that was written tells what is wrong.
  return z.union([z.array(item, { error }).min(1, { error }).max(MAX_VALUES, { error }), item], { error });
}

const glob = () => text(`a pattern of 1 to ${MAX_PATTERN_CHARS} characters`, MAX_PATTERN_CHARS);
const name = (what: string) => {
  const expected = `${what} (a number in quotes)`;
  return anyOf(text(expected, MAX_PATTERN_CHARS), expected);
};
const globs = (what: string) => anyOf(glob(), what);

const textPattern = () =>
  text(`a regular expression of 1 to ${MAX_TEXT_PATTERN_CHARS} characters`, MAX_TEXT_PATTERN_CHARS);

const expressions = () => anyOf(textPattern(), "a regular expression");

const HOUR = "an hour in 0..23, or hours from-to as in 9-17 or 22-5";
const hour = () =>
  z.union([z.int({ error: HOUR }).min(0, { error: HOUR }).max(23, { error: HOUR }), hours()], {
    error: HOUR,
  });
const hours = () => z.string({ error: HOUR }).regex(/^([01]?\d|2[0-3])-([01]?\d|2[0-3])$/, { error: HOUR });

const DAY = `one of ${WEEKDAYS.join(", ")}, or days from-to as in mon-fri`;
const DAYS = new RegExp(`^(${WEEKDAYS.join("|")})(-(${WEEKDAYS.join("|")}))?$`);

const turns = () => {
  const count = integer(0, MAX_TURNS);
  const error = "a number of turns, a list of numbers, or a mapping with min, max";
  return z.union(
    [
      z.array(count, { error }).min(1, { error }).max(MAX_VALUES, { error }),
      mapping({
        min: count.optional().describe("Fewest human turns."),
        max: count.optional().describe("Most human turns."),
      }),
      count,
    ],
    { error },
  );
};

const CONDITIONS = {
  text_contains: anyOf(
    text("a text of 1 to 200 characters (a number in quotes)"),
    "a text (a number in quotes)",
  )
    .optional()
    .describe(
      "The newest human turn that asks for something contains the text, whatever the case of letters.",
    ),
  text_matches: expressions()
    .optional()
    .describe(
      "The regular expression matches somewhere in the newest human turn that asks for something, whatever the case of letters.",
    ),
  system_matches: expressions().optional().describe("It matches somewhere in the system and developer text."),
  harness_matches: expressions()
    .optional()
    .describe(
      "It matches somewhere in what the client's program wrote into the newest human turn or after it.",
    ),
  category: anyOf(oneOf(CATEGORIES), "a kind of work")
    .optional()
    .describe("Kind of work that the newest human turn asks for, short replies aside."),
  language: anyOf(oneOf(LANGUAGE_CODES), "an ISO 639-1 code of a language")
    .optional()
    .describe("Language of the newest human turn that asks for something."),
  min_input_tokens: integer(0, MAX_TOKENS).optional().describe("Estimated input of the request, at least."),
  max_input_tokens: integer(0, MAX_TOKENS).optional().describe("Estimated input of the request, at most."),
  turns: turns()
    .optional()
    .describe("Number of human turns in the conversation: a number, a list of numbers, or `{min, max}`."),
  has_images: flag().optional().describe("Whether the request holds images."),
  has_tools: flag().optional().describe("Whether the client offers tools."),
  tool_name: globs("a pattern of tool names")
    .optional()
    .describe("The client offers a tool of this name; globs."),
  has_code: flag()
    .optional()
    .describe("Whether the newest human turn that asks for something holds code, fenced or not."),
  has_error_trace: flag()
    .optional()
    .describe("Whether the newest human turn that asks for something holds an error message or stack trace."),
  model_requested: globs("a pattern of model names")
    .optional()
    .describe("The name that the client asked for; globs."),
  call_type: anyOf(oneOf(CALL_TYPES), "a call type of LiteLLM").optional().describe("LiteLLM's call type."),
  team_id: name("a team id").optional().describe("Team of the key."),
  user_id: name("a user id").optional().describe("User of the key."),
  key_alias: name("a key alias").optional().describe("Alias of the key."),
  tag: name("a tag").optional().describe("A tag of the request."),
  header: z
    .record(z.string(), globs("a pattern of header values"), {
      error: "a mapping of header names to patterns",
    })
    .optional()
    .describe(
      "Request headers by name, each with patterns of which one matches its whole value. The callback sends those headers that rules name, and none whose name speaks of a secret.",
    ),
  hour: anyOf(hour(), HOUR).optional().describe("Hour of the day, 0..23, or hours from-to, both included."),
  weekday: anyOf(z.string({ error: DAY }).regex(DAYS, { error: DAY }), DAY)
    .optional()
    .describe("Day of the week, or days from-to, both included."),
  time_zone: text("an IANA time zone as Europe/Berlin")
    .optional()
    .describe("Clock of `hour` and `weekday` beside it; UTC if left out."),
  min_budget_used_ratio: real(0, 1000)
    .optional()
    .describe("Spent share of the key's budget, at least; never true of a key without a budget."),
};

/** Names of the conditions of a rule. */
export const CONDITION_NAMES: ReadonlySet<string> = new Set([...Object.keys(CONDITIONS), "not"]);

const block = mapping(CONDITIONS);

const BLOCK = "a mapping of conditions, or a list of such mappings";
const blocks = z.union(
  [z.array(block, { error: BLOCK }).min(1, { error: BLOCK }).max(MAX_VALUES, { error: BLOCK }), block],
  {
    error: BLOCK,
  },
);

const ruleSchema = mapping({
  name: text(`a name of 1 to ${MAX_RULE_NAME_CHARS} characters`, MAX_RULE_NAME_CHARS)
    .optional()
    .describe("Name of the rule in reasons and traces; `rule 3` for the third if left out."),
  when: mapping({
    ...CONDITIONS,
    not: blocks
      .optional()
      .describe(
        "A mapping of conditions of which not all may hold, or a list of such mappings: none of them holds.",
      ),
  })
    .optional()
    .describe(
      "Conditions, all of which must hold; of a list one value is enough. May be left out in the last rule only.",
    ),
  model: modelName().optional().describe("Model to serve. Where it cannot take the request, its tier does."),
  tier: text("the name of a tier").optional().describe("Tier to serve, instead of what the classifier says."),
  min_tier: text("the name of a tier").optional().describe("Lowest tier."),
  max_tier: text("the name of a tier")
    .optional()
    .describe("Highest tier; where it lies below the lowest one, that holds."),
  pick: oneOf(PICKS).optional().describe("Order within the tier's models."),
  mode: oneOf(["enforce", "shadow"]).optional().describe("Mode of these requests, instead of the policy's."),
  max_cost_usd: real(0, 1_000_000)
    .optional()
    .describe("Highest estimated cost of the request in USD: dearer models are left out."),
  max_latency_ms: real(1, 3_600_000)
    .optional()
    .describe("Highest recent latency in milliseconds: slower models are left out."),
  stop: flag()
    .default(true)
    .describe(
      "`false`: later rules are looked at too; floors and ceilings add up, of all else the first holds.",
    ),
});

/** `routing.rules`. */
export const rulesSchema = list(ruleSchema, `a list of at most ${MAX_RULES} rules`).max(MAX_RULES, {
  error: `a list of at most ${MAX_RULES} rules`,
});

/** Keys of a rule, `when` and the actions. */
export const RULE_KEYS: ReadonlySet<string> = new Set(Object.keys(ruleSchema.shape));

/** A rule as written. */
export type RuleSection = z.output<typeof ruleSchema>;

/** Conditions as written, those under `not` left out. */
export type ConditionSection = z.output<typeof block>;

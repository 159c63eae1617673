import type { Category } from "../classify/category/categories.ts";
import type { LanguageCode } from "../classify/language/language-codes.ts";
import type { Glob, Mode, Pick } from "./policy.ts";

/** A text or a regular expression, compiled when the policy was loaded; matches anywhere, whatever the case of letters. */
export interface TextPattern {
  readonly source: string;
  readonly matches: (text: string) => boolean;
}

/** Whole numbers from `min` to `max`, both included. */
export interface Span {
  readonly min: number;
  readonly max: number;
}

/** Hour (0..23) and weekday (0 = Monday) of a moment. */
export interface LocalTime {
  readonly hour: number;
  readonly weekday: number;
}

/** The clock of a place. */
export interface TimeZone {
  /** IANA name, `Europe/Berlin`. */
  readonly name: string;
  readonly at: (moment: Date) => LocalTime;
}

/** One thing that must hold of a request. `any`: one of them is enough. */
export type Condition =
  | {
      readonly kind: "text_contains" | "text_matches" | "system_matches" | "harness_matches";
      readonly any: readonly TextPattern[];
    }
  | { readonly kind: "category"; readonly any: readonly Category[] }
  | { readonly kind: "language"; readonly any: readonly LanguageCode[] }
  | { readonly kind: "min_input_tokens" | "max_input_tokens"; readonly tokens: number }
  | { readonly kind: "turns"; readonly any: readonly Span[] }
  | {
      readonly kind: "has_images" | "has_tools" | "has_code" | "has_error_trace";
      readonly is: boolean;
    }
  | { readonly kind: "tool_name" | "model_requested"; readonly any: readonly Glob[] }
  | {
      readonly kind: "call_type" | "team_id" | "user_id" | "key_alias" | "tag";
      readonly any: readonly string[];
    }
  | { readonly kind: "header" /** Lower case. */; readonly name: string; readonly any: readonly Glob[] }
  | { readonly kind: "hour" | "weekday"; readonly any: readonly Span[]; readonly zone: TimeZone }
  | { readonly kind: "min_budget_used_ratio"; readonly ratio: number }
  /** No block holds; a block holds where all of its conditions do. */
  | { readonly kind: "not"; readonly blocks: readonly (readonly Condition[])[] };

/** What a rule asks for; null where it does not care. */
export interface RuleActions {
  readonly model: string | null;
  readonly tier: string | null;
  readonly minTier: string | null;
  readonly maxTier: string | null;
  readonly pick: Pick | null;
  readonly mode: Mode | null;
  /** Highest estimated cost of the request, USD. */
  readonly maxCostUsd: number | null;
  /** Highest recent latency of a model, milliseconds. */
  readonly maxLatencyMs: number | null;
}

/** A rule of gateway.yaml. */
export interface Rule {
  /** As traces name it; `rule 3` where the file gives no name. */
  readonly name: string;
  /** As reasons name it: `rule "titles"`, or `rule 3`. */
  readonly label: string;
  /** All must hold; the cheapest to find out first. */
  readonly conditions: readonly Condition[];
  readonly actions: RuleActions;
  /** Whether the rules after it are left alone once it matched. */
  readonly stop: boolean;
}

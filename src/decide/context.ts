import type { Category } from "../classify/category/categories.ts";
import type { Opinion } from "../classify/opinion.ts";
import type { Classify } from "../classify/verdict.ts";
import type { CacheHold } from "./cache-hold.ts";
import type { Draws } from "./draws.ts";
import type { World } from "./eligible.ts";
import type { RaiseSteps } from "./escalate.ts";

/** Everything that a decision depends on beside the request. */
export interface Context extends World {
  readonly classify: Classify;
  /** Why another classifier than the configured one decides, null where it does. */
  readonly instead: string | null;
  /** What an LLM said of the newest human turn, left out where none was to be asked. */
  readonly opinion?: Opinion;
  /** In [0, 1): where in splits by weight this request falls. */
  readonly draw: number;
  /** Left out where nothing is decided by lot but splits by weight: then nothing is explored, and the policy serves. */
  readonly draws?: Draws;
  /** The moment of the request, for rules that ask for hour or weekday. */
  readonly now: Date;
  /** Moment, health, budget and opinion are those that a tool loop began with; left out where they are the request's own. */
  readonly isMomentOfLoop?: true;
  /** Left out where the request itself tells. */
  readonly known?: KnownTurn;
}

/** What was found out of the newest turn before, or is supposed of it, whatever its words and sizes say. */
export interface KnownTurn {
  /** How it is raised above what its conversation calls for; null: it is not. */
  readonly raise?: RaiseSteps | null;
  /** The prompt cache that holds its tier; null: none does. */
  readonly hold?: CacheHold | null;
  /** What it asks for, by which specialists are preferred. */
  readonly work?: Category;
}

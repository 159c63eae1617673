import type { Opinion } from "../classify/opinion.ts";
import type { Classify } from "../classify/verdict.ts";
import type { Draws } from "./draws.ts";
import type { World } from "./eligible.ts";

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
}

import type { ChosenClassifier } from "../../classify/choose-classifier.ts";
import type { Catalog } from "../../decide/catalog.ts";
import type { Policy } from "../../policy/policy.ts";

/** What a logged decision is explained with. */
export interface LoggedWorld {
  readonly policy: Policy;
  /** Of the policy. */
  readonly classifier: ChosenClassifier;
  /** For models that a row did not look at, and prices that it does not have; null where there is none. */
  readonly catalog: Catalog | null;
}

import { createMlClassifier } from "./ml/ml-classifier.ts";
import type { LoadedArtifact } from "./ml/parse-artifact.ts";
import { createStaticClassifier, STATIC_REVISION } from "./static.ts";
import type { StaticConfig } from "./static-config.ts";
import type { Classify, ConfiguredStrategy } from "./verdict.ts";

/** The classifier that decides under a policy. */
export interface ChosenClassifier {
  readonly classify: Classify;
  /** Why another classifier than the configured one decides, null where it does. */
  readonly instead: string | null;
  readonly revision: string;
}

/** What a classifier is made of. */
export interface ClassifierChoice {
  readonly strategy: ConfiguredStrategy;
  readonly static: StaticConfig;
  readonly ml: {
    /** null where there is none that can be used. */
    readonly loaded: LoadedArtifact | null;
  };
}

/** Makes the classifier that a policy asks for, or the nearest one that this version has. */
export function chooseClassifier(choice: ClassifierChoice): ChosenClassifier {
  const { strategy } = choice;
  const { loaded } = choice.ml;
  if (strategy === "static" || strategy === "llm" || loaded === null) return chooseStatic(choice);
  return { classify: createMlClassifier(loaded.artifact), instead: null, revision: `ml-${loaded.digest}` };
}

function chooseStatic({ strategy, ...choice }: ClassifierChoice): ChosenClassifier {
  const missing = strategy === "llm" ? "no LLM was asked" : "no trained classifier could be loaded";
  const instead = strategy === "static" ? null : `static decided, ${missing}`;
  return { classify: createStaticClassifier(choice.static), instead, revision: STATIC_REVISION };
}

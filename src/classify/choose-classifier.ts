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

/** Makes the classifier that a policy asks for, or the nearest one that this version has. */
export function chooseClassifier(config: {
  readonly strategy: ConfiguredStrategy;
  readonly static: StaticConfig;
}): ChosenClassifier {
  const { strategy } = config;
  const instead = strategy === "static" ? null : `static decided, this version has no ${strategy} classifier`;
  return { classify: createStaticClassifier(config.static), instead, revision: STATIC_REVISION };
}

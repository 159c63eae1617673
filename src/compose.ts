import { chooseClassifier } from "./classify/choose-classifier.ts";
import type { Snapshot } from "./http/router.ts";
import type { Policy } from "./policy/policy.ts";

/** The policy with the classifier that it asks for: what one request is decided with. */
export function createSnapshot(policy: Policy): Snapshot {
  const { classify, instead, revision } = chooseClassifier(policy.classifier);
  return { policy, classify, instead, classifierRevision: revision, consult: null };
}

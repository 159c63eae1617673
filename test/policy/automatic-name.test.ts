import { expect, it } from "vitest";
import { automaticName } from "../../src/policy/automatic-name.ts";
import { policyOf } from "../support/sidecar-app.ts";

const policy = (more: string) =>
  policyOf(`
model_list:
  - {model_name: small, litellm_params: {model: openai/small}}
routing:
  fallback_tier: all
  tiers: {all: {score_range: [0, 100], model: small}}
  ${more}
`);

it.each([
  ["aliases: {auto: auto_route}", "auto"],
  ["aliases: {mini: small, smart: auto_route}", "smart"],
  ["unknown_model: auto", "auto"],
  ["unknown_model: passthrough", null],
])("automaticName() of a policy with %s is %s", (more, name) => {
  expect(automaticName(policy(more))).toBe(name);
});

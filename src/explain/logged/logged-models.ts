import { atAsk } from "../../decide/at-ask.ts";
import type { Context } from "../../decide/context.ts";
import type { Candidate } from "../../decide/decision.ts";
import { assess, EXPECTED_OUTPUT_TOKENS, RESTS } from "../../decide/eligible.ts";
import { type ModelHealth, UNMEASURED } from "../../decide/model-health.ts";
import { OTHER_TIER } from "../../decide/response-loop.ts";
import { tokenCostUsd } from "../../decide/token-cost.ts";
import type { Policy } from "../../policy/policy.ts";
import type { RouteRequest } from "../../request/route-request.ts";
import { type LoggedDecision, stepOf } from "./logged-decision.ts";
import type { LoggedWorld } from "./logged-world.ts";
import { inputOf } from "./output-limit.ts";

/** Refusals by limits of rules that held then: under other rules they may not. */
const BY_LIMIT = /^(?:about \$|its price is not known|it took )/;
/** Below a floor nothing else was looked at. */
const BY_FLOOR = /^below the floor of /;

type Told = Pick<Candidate, "refusal" | "estimatedCostUsd" | "askCostUsd">;

/** What the row says of models, with prices of the catalogue where it has none. */
export function toldOf(
  row: LoggedDecision,
  request: RouteRequest,
  { policy, catalog }: LoggedWorld,
): NonNullable<Context["told"]> {
  const completion = request.maxOutputTokens ?? EXPECTED_OUTPUT_TOKENS;
  const costOf = (model: string, asked: RouteRequest) =>
    tokenCostUsd({ ...inputOf(asked), completion }, catalog?.models.get(model));
  const told = new Map<string, Told>();
  const looked = row.candidates ?? [];
  // A model of two tiers may be below the floor in one, and looked at in the other: that one tells.
  for (const { model, refusal, ...cost } of [...looked].sort(floorFirst)) {
    const estimatedCostUsd = cost.estimated_cost_usd ?? costOf(model, request);
    const askCostUsd =
      cost.ask_cost_usd ?? (cost.estimated_cost_usd === null ? costOf(model, atAsk(request)) : null);
    told.set(model, {
      refusal: refusalWithoutLimits(model, refusal, told),
      estimatedCostUsd,
      ...(askCostUsd !== null && { askCostUsd }),
    });
  }
  return new Map([...refusedThen(row, policy), ...told, ...leftThen(row, told)]);

  function refusalWithoutLimits(model: string, refusal: string | null, known: typeof told): string | null {
    if (refusal === null || refusal === RESTS) return null;
    if (!(BY_LIMIT.test(refusal) || BY_FLOOR.test(refusal))) return refusal;
    const [judged] = BY_FLOOR.test(refusal)
      ? assess([{ model, tier: null }], request, { policy, catalog })
      : [];
    return known.get(model)?.refusal ?? judged?.refusal ?? null;
  }
}

function floorFirst(a: { readonly refusal: string | null }, b: { readonly refusal: string | null }): number {
  const isBelow = ({ refusal }: typeof a) => refusal !== null && BY_FLOOR.test(refusal);
  return Number(isBelow(b)) - Number(isBelow(a));
}

/** What wrote the response before was looked at without limits and floors, which hide why else a model is refused. */
function leftThen(row: LoggedDecision, told: ReadonlyMap<string, Told>): (readonly [string, Told])[] {
  const writer = stepOf(row, "response");
  if (writer === undefined || writer.refusal === null || writer.refusal.endsWith(OTHER_TIER)) return [];
  const estimatedCostUsd = told.get(writer.model)?.estimatedCostUsd ?? null;
  const refusal = writer.refusal === RESTS ? null : writer.refusal;
  return [[writer.model, { refusal, estimatedCostUsd }]];
}

/** How models did then, as far as the row tells: a writer of the response before may be none of those looked at. */
export function healthOf(row: LoggedDecision): ReadonlyMap<string, ModelHealth> {
  const writer = stepOf(row, "response");
  const looked = [...(row.candidates ?? []), ...(writer === undefined ? [] : [writer])];
  const resting = new Set(looked.filter(({ refusal }) => refusal === RESTS).map(({ model }) => model));
  const latencies = new Map(row.candidates?.map(({ model, latency_ms }) => [model, latency_ms ?? null]));
  const models = new Set([...resting, ...latencies.keys()]);
  return new Map(
    Array.from(models, (model) => {
      const coolUntilMs = resting.has(model) ? Number.POSITIVE_INFINITY : null;
      return [model, { ...UNMEASURED, latencyMs: latencies.get(model) ?? null, coolUntilMs }];
    }),
  );
}

/** A model that a rule asked for was looked at alone; where it was refused, the row does not name it. */
function refusedThen(row: LoggedDecision, { rules, revision }: Policy) {
  if (row.policy_revision !== revision) return [];
  const matched = stepOf(row, "rules")?.matched ?? [];
  const asked = rules
    .filter(({ name }) => matched.includes(name))
    .flatMap(({ actions }) => actions.model ?? []);
  return asked.map((model): readonly [string, Told] => [
    model,
    { refusal: "it was refused then", estimatedCostUsd: null },
  ]);
}

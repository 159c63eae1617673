import type { KnownTurn } from "../../decide/context.ts";
import { PICKS } from "../../decide/overrides.ts";
import { providerNames } from "../../decide/provider.ts";
import { type LoggedDecision, stepOf } from "./logged-decision.ts";
import { worksOf } from "./logged-work.ts";
import type { LoggedWorld } from "./logged-world.ts";

/** What a row does not tell and its decision turned on, as it may have been. */
export interface Supposition {
  /** The headers by which the client asked for something. */
  readonly headers: Readonly<Record<string, string>>;
  readonly known: KnownTurn;
}

/** Most of them: each is decided and explained, some dozen decisions. */
const MAX_SUPPOSITIONS = 500;

/**
 * Every way in which what a row does not tell can have been: each value of the headers that were followed, each number
 * of tiers that words can have raised the turn by, and each kind of work that it can have asked for. What holds in all of them is true of the decision, whichever it was.
 *
 * @returns none where there are too many.
 */
export function suppositionsOf(row: LoggedDecision, world: LoggedWorld): Supposition[] {
  const headers = stepOf(row, "overrides")?.taken ?? [];
  const values = headers.map((header) => valuesOf(header, row, world).map((value) => [header, value]));
  const raises = raisesOf(row, world);
  const works = worksOf(row, world.policy);
  const knowns = raises.flatMap((raise) => works.map((work) => ({ ...raise, ...work })));
  if (values.reduce((count, { length }) => count * length, knowns.length) > MAX_SUPPOSITIONS) return [];
  return combinations(values).flatMap((chosen) =>
    knowns.map((known) => ({ headers: Object.fromEntries(chosen), known })),
  );
}

function combinations<Value>(choices: readonly (readonly Value[])[]): Value[][] {
  return choices.reduce<Value[][]>(
    (sofar, values) => sofar.flatMap((chosen) => values.map((value) => [...chosen, value])),
    [[]],
  );
}

/** What a header can have said, given that it was followed. */
function valuesOf(header: string, row: LoggedDecision, { policy, catalog }: LoggedWorld): string[] {
  switch (header) {
    case "x-signalbox-priority":
      return ["critical"];
    case "x-signalbox-tier":
    case "x-signalbox-min-tier":
      return policy.tiers.map(({ name }) => name);
    case "x-signalbox-pick":
    case "x-routing-strategy":
      return [...PICKS];
    case "x-signalbox-prefer":
    case "x-prefer-provider": {
      const models = policy.tiers.flatMap((tier) => tier.models.map(({ model }) => model));
      return [...new Set(models.flatMap((model) => providerNames(model, { policy, catalog })))];
    }
    case "x-signalbox-hint":
      // Where it is no part of the score, it counted for nothing.
      return [String(hintOf(row)?.raw ?? 0)];
    default:
      return [];
  }
}

/** The part of the score that a client's hint is; undefined where there is none. */
export function hintOf(row: LoggedDecision) {
  return stepOf(row, "classify")?.signals.find(({ name }) => name === "hint");
}

/** A turn that was raised to the dearest tier may have been to go on. */
function raisesOf(row: LoggedDecision, { policy: { tiers } }: LoggedWorld): KnownTurn[] {
  const [raise, cache] = [stepOf(row, "raise"), stepOf(row, "cache")];
  const known: KnownTurn = cache?.held === true ? { hold: cache } : {};
  if (raise === undefined) return [known];
  const { by, found } = raise;
  const place = (tier: string) => tiers.findIndex(({ name }) => name === tier);
  const least = place(raise.to) - place(raise.from);
  // Each turn raises by one tier at most.
  const bound = Math.max(least, Math.min(row.turn, tiers.length - 1));
  const most = place(raise.to) === tiers.length - 1 ? bound : least;
  const steps = Array.from({ length: most - least + 1 }, (_, more) => least + more);
  return steps.map((count) => ({ ...known, raise: { by, found, steps: count } }));
}

import type { Pick, Policy } from "../policy/policy.ts";
import type { RouteRequest } from "../request/route-request.ts";
import type { World } from "./eligible.ts";
import { providerNames } from "./provider.ts";
import { NO_STEERING, type Steering } from "./steering.ts";

/** What the headers of one request ask for. */
export interface Overrides {
  readonly steering: Steering;
  /** Headers that were followed. */
  readonly taken: readonly string[];
  /** Headers that were not, each with why: no text of the client is in it. */
  readonly ignored: readonly string[];
}

/** What a header asks for, or why it is not followed. */
type Reading = Partial<Steering> | string;

/** The orders of models that a header may ask for: all that there are. */
export const PICKS = [
  "first",
  "cost",
  "latency",
  "quality",
  "balanced",
  "weighted",
] as const satisfies readonly Pick[];
/** A number in 0..100 as people write it. */
const HINT = /^\d{1,3}(?:\.\d{1,6})?$/;

/** How each header is read. The first that asks for a tier decides. */
const READERS: ReadonlyMap<string, (value: string, world: World) => Reading> = new Map([
  ["x-signalbox-priority", readPriority],
  ["x-signalbox-tier", readTier],
  ["x-signalbox-min-tier", readMinTier],
  ["x-signalbox-pick", readPick],
  ["x-signalbox-prefer", readPrefer],
  ["x-signalbox-hint", readHint],
  // As clients of an older gateway say it, in the body: the callback hands it on here.
  ["x-routing-strategy", readPick],
  ["x-prefer-provider", readPrefer],
]);

/** Headers by which one request may ask for something; none where the policy lets nobody. */
export function overrideHeaders({ allowOverrides }: Policy): readonly string[] {
  return allowOverrides === "none" ? [] : [...READERS.keys()];
}

/** Reads what a request asks for by its headers. A value that makes no sense is ignored and named, and fails nothing. */
export function readOverrides(request: RouteRequest, world: World): Overrides {
  const taken: string[] = [];
  const ignored: string[] = [];
  const steering: { -readonly [Field in keyof Steering]: Steering[Field] } = { ...NO_STEERING };
  const isAllowed = mayOverride(request, world.policy);
  for (const [header, read] of READERS) {
    const value = request.headers[header]?.trim();
    if (value === undefined) continue;
    const reading = isAllowed ? read(value, world) : "this caller may not override";
    if (typeof reading === "string") ignored.push(`${header}: ${reading}`);
    else {
      taken.push(header);
      // What stands first among the headers wins.
      Object.assign(steering, { ...reading, ...askedFor(steering) });
    }
  }
  return { steering, taken, ignored };
}

function askedFor(steering: Steering): Partial<Steering> {
  return Object.fromEntries(Object.entries(steering).filter(([, value]) => value !== null));
}

function mayOverride({ caller }: RouteRequest, { allowOverrides }: Policy): boolean {
  if (allowOverrides === "all" || allowOverrides === "none") return allowOverrides === "all";
  return caller.teamId !== null && allowOverrides.includes(caller.teamId);
}

function readPriority(value: string, { policy }: World): Reading {
  if (value.toLowerCase() !== "critical") return "expected critical";
  const top = policy.tiers.at(-1)?.name ?? null;
  return { by: "override", because: "x-signalbox-priority", tier: top };
}

function readTier(value: string, { policy }: World): Reading {
  const tier = policy.tiers.find(({ name }) => name === value);
  if (tier === undefined) return "no tier of that name";
  return { by: "override", because: "x-signalbox-tier", tier: tier.name };
}

function readMinTier(value: string, { policy }: World): Reading {
  const tier = policy.tiers.find(({ name }) => name === value);
  if (tier === undefined) return "no tier of that name";
  return { minTier: tier.name, minTierBecause: "x-signalbox-min-tier" };
}

function readPick(value: string): Reading {
  const pick = PICKS.find((name) => name === value.toLowerCase());
  return pick === undefined ? `expected one of ${PICKS.join(", ")}` : { pick };
}

function readPrefer(value: string, world: World): Reading {
  const prefer = value.toLowerCase();
  const pools = world.policy.tiers.flatMap(({ models }) => models);
  const isKnown = pools.some(({ model }) => providerNames(model, world).includes(prefer));
  return isKnown ? { prefer } : "no tier has a model of that provider";
}

function readHint(value: string): Reading {
  const hint = HINT.test(value) ? Number(value) : Number.NaN;
  return hint <= 100 ? { hint } : "expected a number in 0..100";
}

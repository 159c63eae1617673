import { FEATURE_VERSION } from "../classify/features/feature-list.ts";
import { readFeatures } from "../classify/features/read-features.ts";
import type { Classify } from "../classify/verdict.ts";
import { decide } from "../decide/decide.ts";
import type { Decision, DecisionRecord, ReadFeatures } from "../decide/decision.ts";
import type { ModelHealth } from "../decide/model-health.ts";
import type { Policy } from "../policy/policy.ts";
import { parseEnvelope, unknownEnvelopeKeys } from "../request/envelope.ts";
import { readRequest } from "../request/read-request.ts";
import type { RouteRequest } from "../request/route-request.ts";
import type { CatalogStore } from "./catalog-store.ts";
import { HttpError } from "./http-error.ts";
import { type RouteReply, toRouteReply } from "./route-reply.ts";

/** A policy with the classifier that was made for it. A request takes one and uses only that. */
export interface Snapshot {
  readonly policy: Policy;
  readonly classify: Classify;
  /** Why another classifier than the configured one decides, null where it does. */
  readonly instead: string | null;
  readonly classifierRevision: string;
}

export interface RouterDeps {
  readonly snapshot: () => Snapshot;
  readonly catalog: CatalogStore;
  /** How models did lately, by name. */
  readonly health: () => ReadonlyMap<string, ModelHealth>;
  readonly record: (record: DecisionRecord) => void;
  readonly newId: () => string;
  readonly now: () => Date;
  /** In [0, 1). */
  readonly random: () => number;
}

/** What the router saw since the process started. */
interface RouterCounts {
  /** Questions that were answered, by method. */
  readonly answered: Readonly<Record<string, number>>;
  /** Envelope fields that this version does not know: callback and sidecar differ in age. */
  readonly unknownFields: number;
  readonly lastQuestionAt: Date | null;
}

/** Answers questions of the callback and of people. */
export interface Router {
  /** @throws {HttpError} where the envelope cannot be read. */
  route(body: unknown): RouteReply;
  /** Decides without logging. @throws {HttpError} where the envelope cannot be read. */
  simulate(body: unknown): Simulation;
  counts(): RouterCounts;
}

/** A decision with all of its steps, as POST /v1/simulate shows it. */
interface Simulation extends RouteReply {
  readonly trace: Decision["trace"];
  readonly input_tokens: number;
  readonly estimated_cost_usd: number | null;
}

/** Composes reading, deciding and remembering. */
export function createRouter(deps: RouterDeps): Router {
  const answered = new Map<string, number>();
  let unknownFields = 0;
  let lastQuestionAt: Date | null = null;

  function needsCatalog(revision: string | null): boolean {
    const current = deps.catalog.current();
    return current === null || (revision !== null && revision !== current.revision);
  }

  return {
    route: (body) => {
      const startedMs = performance.now();
      const { request, catalogRevision } = readEnvelope(body);
      const snapshot = deps.snapshot();
      const at = deps.now();
      const decision = decideOne(request, snapshot, { deps, at });
      const off = snapshot.policy.mode === "off";
      const id = off ? null : deps.newId();
      if (id !== null) {
        const { classifierRevision } = snapshot;
        const features = featuresOf(request);
        const decideUs = Math.round((performance.now() - startedMs) * 1_000);
        deps.record({ id, at, request, decision, features, classifierRevision, decideUs });
      }
      lastQuestionAt = at;
      unknownFields += unknownEnvelopeKeys(body).length;
      answered.set(decision.method, (answered.get(decision.method) ?? 0) + 1);
      const { headerNames } = snapshot.policy;
      return toRouteReply(decision, {
        decisionId: id,
        needsCatalog: needsCatalog(catalogRevision),
        headerNames,
      });
    },
    simulate: (body) => {
      const { request } = readEnvelope(body);
      const snapshot = deps.snapshot();
      const decision = decideOne(request, snapshot, { deps, at: deps.now() });
      const { headerNames } = snapshot.policy;
      const reply = toRouteReply(decision, { decisionId: null, needsCatalog: false, headerNames });
      const { trace, inputTokens, estimatedCostUsd } = decision;
      return { ...reply, trace, input_tokens: inputTokens, estimated_cost_usd: estimatedCostUsd };
    },
    counts: () => ({ answered: Object.fromEntries(answered), unknownFields, lastQuestionAt }),
  };
}

function readEnvelope(body: unknown): { request: RouteRequest; catalogRevision: string | null } {
  const result = parseEnvelope(body);
  if (!result.ok) throw new HttpError("invalid_request", result.message);
  return { request: readRequest(result.envelope), catalogRevision: result.envelope.catalog_revision };
}

/** Of a request that is served as asked too: the next classifier is trained on all of them. */
function featuresOf(request: RouteRequest): ReadFeatures | null {
  const newest = request.turns.at(-1);
  if (newest === undefined) return null;
  return { version: FEATURE_VERSION, numbers: readFeatures(request, newest).numbers };
}

function decideOne(
  request: RouteRequest,
  snapshot: Snapshot,
  { deps, at }: { readonly deps: RouterDeps; readonly at: Date },
): Decision {
  const { policy, classify, instead } = snapshot;
  const draw = stableDraw(request.facts.conversationHash) ?? deps.random();
  return decide(request, {
    policy,
    classify,
    instead,
    draw,
    now: at,
    catalog: deps.catalog.current(),
    health: deps.health(),
  });
}

/** Hex digits of a conversation's digest that its draw is made of: 32 bits. */
const DRAW_DIGITS = 8;

/** A number in [0, 1) that stays the same within a conversation; null where there is none. */
export function stableDraw(conversationHash: string | null): number | null {
  const digits = conversationHash?.slice(0, DRAW_DIGITS) ?? "";
  return /^[0-9a-f]{8}$/.test(digits) ? Number.parseInt(digits, 16) / 2 ** 32 : null;
}

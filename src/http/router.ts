import { FEATURE_VERSION } from "../classify/features/feature-list.ts";
import { readFeatures } from "../classify/features/read-features.ts";
import type { Consult } from "../classify/opinion.ts";
import type { Classify } from "../classify/verdict.ts";
import { atAsk } from "../decide/at-ask.ts";
import type { Decision, DecisionRecord, ReadFeatures } from "../decide/decision.ts";
import { drawLots } from "../decide/draws.ts";
import type { ModelHealth } from "../decide/model-health.ts";
import { overrideHeaders } from "../decide/overrides.ts";
import type { Asked } from "../explain/change.ts";
import { explainDecision } from "../explain/explanation.ts";
import { explanationJson } from "../explain/explanation-json.ts";
import { toldOf } from "../explain/flip-words.ts";
import type { Policy } from "../policy/policy.ts";
import { type Envelope, parseEnvelope, unknownEnvelopeKeys } from "../request/envelope.ts";
import { readRequest } from "../request/read-request.ts";
import { forgetRecent } from "../request/recent.ts";
import type { RouteRequest } from "../request/route-request.ts";
import type { CatalogStore } from "./catalog-store.ts";
import { decideThen } from "./decide-asking.ts";
import { HttpError } from "./http-error.ts";
import { LoopMoments, type Put } from "./loop-moments.ts";
import { deadlineToTell, timeToDecide } from "./route-deadline.ts";
import { type ReplyOptions, type RouteReply, toRouteReply } from "./route-reply.ts";

/** A policy with the classifier that was made for it. A request takes one and uses only that. */
export interface Snapshot {
  readonly policy: Policy;
  readonly classify: Classify;
  /** Why another classifier than the configured one decides, null where it does. */
  readonly instead: string | null;
  readonly classifierRevision: string;
  /** Asks an LLM beside the fast classifier; null where none is asked. */
  readonly consult: Consult | null;
}

export interface RouterDeps {
  readonly snapshot: () => Snapshot;
  readonly catalog: CatalogStore;
  /** How models did lately, by name. */
  readonly health: () => ReadonlyMap<string, ModelHealth>;
  /** null where there is no log: what only a row needs is not worked out then. */
  readonly record: ((record: DecisionRecord) => void) | null;
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
  /** At once but where an LLM is asked. @throws {HttpError} where the envelope cannot be read. */
  route(body: unknown): RouteReply | Promise<RouteReply>;
  /** Decides without logging, and without exploring, of which a log alone could tell. @throws {HttpError} as `route()`. */
  simulate(body: unknown): Simulation | Promise<Simulation>;
  /** Decides without logging, with what would have led to another decision: it decides some dozen times. */
  explain(body: unknown): ExplainedSimulation | Promise<ExplainedSimulation>;
  counts(): RouterCounts;
}

/** A decision with all of its steps, as POST /v1/simulate shows it. */
interface Simulation extends RouteReply {
  readonly trace: Decision["trace"];
  readonly input_tokens: number;
  readonly estimated_cost_usd: number | null;
}

type ExplainedSimulation = Simulation & ReturnType<typeof explanationJson>;

/** Composes reading, deciding and remembering. */
export function createRouter(deps: RouterDeps): Router {
  const loops = new LoopMoments();
  const answered = new Map<string, number>();
  let unknownFields = 0;
  let lastQuestionAt: Date | null = null;

  function needsCatalog(revision: string | null): boolean {
    const current = deps.catalog.current();
    return current === null || (revision !== null && revision !== current.revision);
  }

  function remember(asked: AskedRoute, decision: Decision): RouteReply {
    const { request, envelope, snapshot, at, startedMs } = asked;
    const { policy, classifierRevision } = snapshot;
    const id = policy.mode === "off" ? null : deps.newId();
    if (id !== null && deps.record !== null) {
      const features = featuresOf(request);
      const decideUs = Math.round((performance.now() - startedMs) * 1_000);
      deps.record({ id, at, request, decision, features, classifierRevision, decideUs });
    }
    lastQuestionAt = at;
    answered.set(decision.method, (answered.get(decision.method) ?? 0) + 1);
    return toRouteReply(decision, {
      decisionId: id,
      needsCatalog: needsCatalog(envelope.catalog_revision),
      ...told(snapshot),
    });
  }

  function simulateAsked<Answer>(
    { request, asking }: Put,
    snapshot: Snapshot,
    finish: (simulation: Simulation, decision: Decision, given: Asked) => Answer,
  ): Answer | Promise<Answer> {
    return decideThenForget(request, asking, (decision, context) =>
      finish(toSimulation(decision, snapshot), decision, { request, context }),
    );
  }

  function recallAsked(asked: AskedRoute): Put {
    const { envelope, snapshot } = asked;
    const deadlineMs = envelope.deadline_ms ?? deadlineToTell(llmTimeoutMs(snapshot));
    return loops.recall(put(asked, deadlineMs, deps));
  }

  return {
    route: (body) => {
      const asked = readAsked(body, deps);
      unknownFields += unknownEnvelopeKeys(body).length;
      const { request, asking } = loops.recall(put(asked, asked.envelope.deadline_ms, deps));
      return decideThenForget(request, asking, (decision, context) => {
        loops.remember(request, context, asked.at);
        return remember(asked, decision);
      });
    },
    simulate: (body) => {
      const asked = readAsked(body, deps);
      return simulateAsked(withoutExploring(recallAsked(asked)), asked.snapshot, (simulation) => simulation);
    },
    explain: (body) => {
      const asked = readAsked(body, deps);
      return simulateAsked(recallAsked(asked), asked.snapshot, (simulation, decision, given) => {
        const explanation = explainDecision(given, decision);
        return { ...simulation, ...explanationJson(explanation, toldOf(decision, given.context.policy)) };
      });
    },
    counts: () => ({ answered: Object.fromEntries(answered), unknownFields, lastQuestionAt }),
  };
}

/** Decides, makes the answer of it, and lets go of what was found for the request on the way. */
const decideThenForget: typeof decideThen = (request, asking, finish) =>
  decideThen(request, asking, (decision, context) => {
    const answer = finish(decision, context);
    forgetRecent();
    return answer;
  });

/** A question as it was read, and what it is decided with. */
interface AskedRoute {
  readonly request: RouteRequest;
  readonly envelope: Envelope;
  readonly snapshot: Snapshot;
  readonly at: Date;
  /** As `performance.now()` gives it. */
  readonly startedMs: number;
}

/** Of a request that is served as asked too: the next classifier is trained on all of them. */
function featuresOf(request: RouteRequest): ReadFeatures | null {
  const newest = request.turns.at(-1);
  if (newest === undefined) return null;
  return { version: FEATURE_VERSION, numbers: readFeatures(atAsk(request), newest).numbers };
}

function readAsked(body: unknown, { snapshot, now }: RouterDeps): AskedRoute {
  const startedMs = performance.now();
  const result = parseEnvelope(body);
  if (!result.ok) throw new HttpError("invalid_request", result.message);
  const { envelope } = result;
  return { request: readRequest(envelope), envelope, snapshot: snapshot(), at: now(), startedMs };
}

/** @param deadlineMs how long the asker waits, null where it does not say */
function put(
  { request, snapshot, at, startedMs }: AskedRoute,
  deadlineMs: number | null,
  { catalog, health, random }: RouterDeps,
): Put {
  const { policy, classify, instead, consult } = snapshot;
  const world = { catalog: catalog.current(), health: health() };
  const lots = drawLots(request, policy, random);
  const context = { policy, classify, instead, ...lots, now: at, ...world };
  return { request, asking: { context, consult, untilMs: startedMs + timeToDecide(deadlineMs) } };
}

function withoutExploring({ request, asking }: Put): Put {
  const { context } = asking;
  const draws = context.draws && { ...context.draws, explore: 1 };
  return { request, asking: { ...asking, context: { ...context, ...(draws && { draws }) } } };
}

function toSimulation(decision: Decision, snapshot: Snapshot): Simulation {
  const reply = toRouteReply(decision, { decisionId: null, needsCatalog: false, ...told(snapshot) });
  const { trace, inputTokens, estimatedCostUsd } = decision;
  return { ...reply, trace, input_tokens: inputTokens, estimated_cost_usd: estimatedCostUsd };
}

/** What the callback is told of the policy for its next questions. */
function told(snapshot: Snapshot): Pick<ReplyOptions, "headerNames" | "passFallbacks" | "deadlineMs"> {
  const { policy } = snapshot;
  const headerNames = [...overrideHeaders(policy), ...policy.headerNames];
  return {
    headerNames,
    passFallbacks: policy.passFallbacks,
    deadlineMs: deadlineToTell(llmTimeoutMs(snapshot)),
  };
}

/** null where no LLM is ever asked. */
function llmTimeoutMs({ policy, consult }: Snapshot): number | null {
  return consult === null ? null : (policy.classifier.llm?.timeoutMs ?? null);
}

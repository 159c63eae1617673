import { createSnapshot } from "../compose.ts";
import type { Decision } from "../decide/decision.ts";
import { drawLots } from "../decide/draws.ts";
import { type Explanation, explainDecision } from "../explain/explanation.ts";
import { decideAsking, decideThen } from "../http/decide-asking.ts";
import { LlmKeeper } from "../llm-keeper.ts";
import type { Policy } from "../policy/policy.ts";
import { parseEnvelope } from "../request/envelope.ts";
import { readRequest } from "../request/read-request.ts";

/** Decides in this process, without server, catalogue or log; later where an LLM is asked. */
export type DecideHere = (envelope: unknown) => Decision | Promise<Decision>;

/** A decision with what would have led to another one. */
interface Explained {
  readonly decision: Decision;
  readonly explanation: Explanation;
}

/** How a command decides. */
export interface HereOptions {
  /** Is told of the LLM's troubles. */
  readonly warn: (text: string) => void;
  /**
   * `drawn`: what is left to chance is drawn as the service draws it, from the conversation. `fixed`: it falls on the same
   * place always, and nothing is explored, so that output can be compared.
   */
  readonly lots: "drawn" | "fixed";
}

/** What a command decides with. */
export interface Here {
  /** @throws {Error} where the envelope has no body that can be read. */
  readonly decideHere: DecideHere;
  /** The same, explained. */
  readonly explainHere: (envelope: unknown) => Explained | Promise<Explained>;
  /** Decisions that may wait for the LLM at once. */
  readonly atOnce: number;
  /** Lets go of the LLM. */
  readonly close: () => void;
}

/** Makes what commands decide with. Waits until the LLM is loaded where one is asked. */
export async function openHere(policy: Policy, { warn, lots }: HereOptions): Promise<Here> {
  const llm = new LlmKeeper({ info: () => undefined, warn: ({ trouble }) => warn(trouble) });
  const { classify, instead, consult } = llm.attach(createSnapshot(policy));
  await llm.started();
  const readHere = (raw: unknown) => {
    const result = parseEnvelope(raw);
    if (!result.ok) throw new Error(result.message);
    const request = readRequest(result.envelope);
    const drawn = lots === "drawn" ? drawLots(request, policy) : { draw: 0 };
    const context = { policy, classify, instead, catalog: null, ...drawn, now: new Date() };
    const untilMs = performance.now() + (policy.classifier.llm?.timeoutMs ?? 0);
    return { request, asking: { context, consult, untilMs } };
  };
  const decideHere: DecideHere = (raw) => {
    const { request, asking } = readHere(raw);
    return decideAsking(request, asking);
  };
  const explainHere = (raw: unknown) => {
    const { request, asking } = readHere(raw);
    return decideThen(request, asking, (decision, context) => {
      return { decision, explanation: explainDecision({ request, context }, decision) };
    });
  };
  const atOnce = consult === null ? 1 : (policy.classifier.llm?.maxConcurrent ?? 1);
  return { decideHere, explainHere, atOnce, close: () => llm.close() };
}

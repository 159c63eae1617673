import { createSnapshot } from "../compose.ts";
import { decide } from "../decide/decide.ts";
import type { Decision } from "../decide/decision.ts";
import type { Policy } from "../policy/policy.ts";
import { parseEnvelope } from "../request/envelope.ts";
import { readRequest } from "../request/read-request.ts";

/** Decides in this process, without server, catalogue or log. */
export type DecideHere = (envelope: unknown) => Decision;

/** Where a split by weight falls when a command asks: always the same place, so that output can be compared. */
const FIXED_DRAW = 0;

/**
 * Makes the function that commands decide with.
 *
 * @throws {Error} from the returned function, where the envelope has no body that can be read.
 */
export function createDecideHere(policy: Policy): DecideHere {
  const { classify, instead } = createSnapshot(policy);
  return (raw) => {
    const result = parseEnvelope(raw);
    if (!result.ok) throw new Error(result.message);
    return decide(readRequest(result.envelope), {
      policy,
      classify,
      instead,
      catalog: null,
      draw: FIXED_DRAW,
      now: new Date(),
    });
  };
}

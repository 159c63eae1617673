import { describe, expect, it } from "vitest";
import { LEAST_EFFECTIVE_SIZE, Snips } from "../../src/explain/replay/snips.ts";
import { createRandom, type Random } from "../../src/learn/random.ts";

/** Chance of success of each kind of request on each of two models. */
const SUCCESS = [
  [0.9, 0.95],
  [0.4, 0.8],
  [0.2, 0.6],
] as const;
/** What the logged policy mostly serves, and what the other one would. */
const LOGGED = [0, 0, 1];
const OTHER = [0, 1, 1];
const EXPLORE = 0.2;

/** The other policy's true mean: the kinds are equally frequent. */
const TRUTH =
  SUCCESS.reduce((sum, chances, kind) => sum + (chances[OTHER[kind] ?? 0] ?? 0), 0) / SUCCESS.length;

interface Log {
  readonly random: Random;
  readonly conversations: number;
  readonly callsEach: number;
}

/** Logs conversations, of which each is one kind of request on one drawn model; its calls succeed or fail together. */
function estimateOf({ random, conversations, callsEach }: Log) {
  const snips = new Snips();
  for (let at = 0; at < conversations; at += 1) {
    const drawn = drawConversation(random);
    for (let call = 0; call < callsEach; call += 1) snips.add({ unit: String(at), ...drawn });
  }
  return snips.estimate(1);
}

function drawConversation(random: Random) {
  const kind = Math.floor(random() * SUCCESS.length);
  const isExplored = random() < EXPLORE;
  const usual = LOGGED[kind] ?? 0;
  const model = isExplored ? 1 - usual : usual;
  const propensity = isExplored ? EXPLORE : 1 - EXPLORE;
  const value = random() < (SUCCESS[kind]?.[model] ?? 0) ? 1 : 0;
  return { value, weight: model === OTHER[kind] ? 1 / propensity : 0 };
}

describe("Snips", () => {
  it.each([1, 4])("covers the truth in about 95 of 100 logs, with %i calls a conversation", (callsEach) => {
    const random = createRandom(7);
    const repetitions = 300;
    let covered = 0;
    for (let at = 0; at < repetitions; at += 1) {
      const { estimate } = estimateOf({ random, conversations: 500, callsEach });
      if (estimate !== null && (estimate.low ?? 1) <= TRUTH && TRUTH <= (estimate.high ?? 0)) covered += 1;
    }
    expect(covered / repetitions).toBeGreaterThan(0.91);
    expect(covered / repetitions).toBeLessThan(0.985);
  });

  it("comes near the truth of a long log, where the logged mean is another one, and its weights come to 1", () => {
    const { estimate, meanWeight, logged, effectiveSize } = estimateOf({
      random: createRandom(3),
      conversations: 50_000,
      callsEach: 1,
    });
    expect(Math.abs((estimate?.value ?? 0) - TRUTH)).toBeLessThan(0.02);
    expect(Math.abs((logged ?? 0) - TRUTH)).toBeGreaterThan(0.05);
    expect(Math.abs(meanWeight - 1)).toBeLessThan(0.05);
    expect(effectiveSize).toBeGreaterThan(10_000);
  });

  it("tells nothing of a log whose effective sample size is too small, and how large it is", () => {
    const few = estimateOf({ random: createRandom(3), conversations: 120, callsEach: 5 });
    expect(few.estimate).toBeNull();
    expect(few.effectiveSize).toBeLessThan(LEAST_EFFECTIVE_SIZE);
    expect(few.matched).toBeGreaterThan(100);
    expect(new Snips().estimate(1)).toMatchObject({
      calls: 0,
      effectiveSize: 0,
      logged: null,
      estimate: null,
    });
  });

  it("gives the same interval for the same seed", () => {
    const log = () => estimateOf({ random: createRandom(5), conversations: 600, callsEach: 1 });
    expect(log()).toEqual(log());
  });
});

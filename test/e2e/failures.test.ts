import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { act, decisionsReturn, recover } from "./support/act.ts";
import { ask, type Reply } from "./support/ask.ts";
import { crowdSize, failuresOf, longestWaitMs, type Member, sendCrowd, strayCalls } from "./support/crowd.ts";
import { type Fault, type FaultServer, faults, startFaultServer } from "./support/fault-server.ts";
import { promptOf } from "./support/prompts.ts";

/** What the callback waits for an answer, in milliseconds. */
const deadlineMs = 250;

/**
 * What a busy machine may make of a calm run's waits: machines are shared, and their load changes within a run. A
 * callback that waits for a hung sidecar takes longer still, and one for a slow one is seen by what it abandons.
 */
const noiseFactor = 3;
const noiseMs = 2_500;

/** What a lone request takes at most without any wait, also on a busy machine, in milliseconds. */
const usualMs = 750;

/** Failures in a row that open the callback's breaker. */
const failuresToOpen = 5;

/** Probes of an open breaker, at most, while 60 requests come in turn: some seconds. */
const probesWhileOpen = 6;

/** Share of a crowd that is decided although all arrive at once. */
const decidedShare = 0.8;

/** The longest wait of the same crowd with a sidecar that is well, in milliseconds. */
let calmMs = 0;

beforeAll(async () => {
  await recover();
  await sendCrowd();
  calmMs = longestWaitMs(await sendCrowd());
});

afterAll(() => recover());

function askAuto(): Promise<Reply> {
  return ask({ api: "chat", model: "auto", prompt: promptOf("simple").prompt });
}

function medianMs(replies: readonly Reply[]): number {
  const waits = replies.map(({ tookMs }) => tookMs).sort((a, b) => a - b);
  return waits[Math.floor(waits.length / 2)] ?? Number.NaN;
}

async function askInTurn(times: number): Promise<readonly Reply[]> {
  const replies: Reply[] = [];
  for (let i = 0; i < times; i += 1) replies.push(await askAuto());
  return replies;
}

function expectNobodyWaited(members: readonly Member[]): void {
  expect(longestWaitMs(members)).toBeLessThan(noiseFactor * calmMs + deadlineMs + noiseMs);
}

/** Decisions and models that headers claim: there are none where nothing that the sidecar said is applied. */
function claimed(members: readonly Member[]): readonly string[] {
  return members.flatMap(({ reply }) =>
    (["decision-id", "model"] as const).flatMap((name) => reply.decision(name) ?? []),
  );
}

describe("60 requests in flight", () => {
  beforeEach(() => recover());

  test("the sidecar is well: all are served, by decisions but for those that a busy machine delays", async () => {
    const members = await sendCrowd();
    expect(failuresOf(members)).toEqual([]);
    expect(await strayCalls(members, ["decided", "backing"])).toEqual([]);
    const decided = members.filter(({ reply }) => reply.decision("decision-id") !== null);
    expect(decided.length).toBeGreaterThan(crowdSize * decidedShare);
  });

  test.each([
    { what: "is killed", begin: "kill", end: "start" },
    { what: "is stopped by SIGSTOP", begin: "pause", end: "resume" },
    { what: "ends in an orderly way", begin: "stop", end: "start" },
  ] as const)("the sidecar $what and comes back: no client notices", async ({ begin, end }) => {
    const during = await sendCrowd(() => act(begin));
    expect(failuresOf(during)).toEqual([]);
    expect(await strayCalls(during, ["decided", "backing"])).toEqual([]);
    expectNobodyWaited(during);

    const away = await sendCrowd();
    expect(failuresOf(away)).toEqual([]);
    expect(await strayCalls(away, ["backing"])).toEqual([]);
    expect(away.filter(({ reply }) => reply.decision("decision-id") !== null)).toHaveLength(0);
    expectNobodyWaited(away);

    const returning = await sendCrowd(() => act(end));
    expect(failuresOf(returning)).toEqual([]);
    expect(await strayCalls(returning, ["decided", "backing"])).toEqual([]);
    expectNobodyWaited(returning);
    await decisionsReturn();
  });
});

describe.each(faults)("a sidecar that answers: %s", (fault: Fault) => {
  let server: FaultServer;

  beforeEach(async () => {
    await recover();
    await act("stop");
    server = await startFaultServer(fault, calmMs);
  });
  afterEach(() => server.close());

  test("60 requests in flight: all are served by their backings, nobody waits for it", async () => {
    const members = await sendCrowd();
    expect(failuresOf(members)).toEqual([]);
    expect(await strayCalls(members, ["backing"])).toEqual([]);
    expect(claimed(members)).toEqual([]);
    expectNobodyWaited(members);
    expect(server.asked()).toBeGreaterThanOrEqual(failuresToOpen);
    expect(server.asked()).toBeLessThanOrEqual(crowdSize + 2);
    if (fault === "after 2 s") expect(server.abandoned()).toBe(server.asked());
  });
});

describe("the breaker", () => {
  test.each(["status 500", "garbage", "after 2 s"] as const)(
    "opens after 5 failures in a row (%s), and closes when the sidecar is back",
    async (fault) => {
      await recover();
      await act("stop");
      const server = await startFaultServer(fault);
      try {
        const first = await askInTurn(failuresToOpen);
        // The first failure may be a pooled connection that ended with the sidecar: it never gets here.
        expect(server.asked()).toBeGreaterThanOrEqual(failuresToOpen - 1);
        expect(server.asked()).toBeLessThanOrEqual(failuresToOpen);
        const later = await askInTurn(crowdSize);
        // From now on one probe at a time, each pause twice the one before.
        expect(server.asked()).toBeLessThanOrEqual(failuresToOpen + probesWhileOpen);
        expect([...first, ...later].map(({ status }) => status)).toEqual(
          Array(failuresToOpen + crowdSize).fill(200),
        );
        expect(medianMs(first)).toBeLessThan(2 * deadlineMs + usualMs);
      } finally {
        await server.close();
      }
      await recover();
      expect((await askAuto()).decision("model")).toBe("small");
    },
  );
});

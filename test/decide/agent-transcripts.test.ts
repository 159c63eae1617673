import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { beforeAll, describe, expect, it } from "vitest";
import { createSnapshot } from "../../src/compose.ts";
import { decide } from "../../src/decide/decide.ts";
import type { Decision } from "../../src/decide/decision.ts";
import { parseEnvelope } from "../../src/request/envelope.ts";
import { readRequest } from "../../src/request/read-request.ts";
import { policyOf } from "../support/sidecar-app.ts";
import { type Transcript, transcriptOf } from "./agent/transcript.ts";

const project = join(import.meta.dirname, "..", "..");
const pythonBin = process.env.SIGNALBOX_PYTHON_BIN ?? join(project, ".signalbox", "venv", "bin");

const GATEWAY = `
model_list:
  - {model_name: small, litellm_params: {model: openai/small}}
  - {model_name: middle, litellm_params: {model: openai/middle}}
  - {model_name: large, litellm_params: {model: openai/large}}
routing:
  fallback_tier: simple
  tiers:
    simple: {score_range: [0, 40], model: small}
    medium: {score_range: [41, 75], model: middle}
    complex: {score_range: [76, 100], model: large}
  aliases: {auto: auto_route}
  # Keywords decide, so the tier of each turn is known beforehand.
  classifier:
    strategy: static
    static:
      weights: {token_count: 0, system_prompt: 0, keyword_patterns: 1, conversation_length: 0, code_complexity: 0, tool_usage: 0, reasoning: 0}
      complex_keywords: [fault-tolerant, architecture, guarantee, security audit]
      simple_keywords: [what, name, list, test, which, port, show, readme]
      floors: []
`;

const WIRES = ["chat", "messages", "responses"] as const;

/** What the real callback sends at each call of each of the transcripts. */
async function extractsOf(transcripts: readonly Transcript[]): Promise<string[]> {
  const program = spawn(join(pythonBin, "python"), [join(import.meta.dirname, "agent", "extracts.py")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  for (const { callType, field, body, calls } of transcripts) {
    const asked = { call_type: callType, field, body, ends: calls.map(({ end }) => end) };
    program.stdin.write(`${JSON.stringify(asked)}\n`);
  }
  program.stdin.end();
  return (await text(program.stdout)).trimEnd().split("\n");
}

const transcripts = WIRES.map(transcriptOf);
let extracts: string[] = [];
beforeAll(async () => {
  extracts = await extractsOf(transcripts);
}, 60_000);

/** A sidecar of its own: nothing is shared with another one. */
function startReplica(gateway = GATEWAY) {
  const snapshot = createSnapshot(policyOf(gateway));
  const fixed = { draw: 0, now: new Date(0), catalog: null };
  return (envelope: unknown): Decision => {
    const parsed = parseEnvelope(envelope);
    if (!parsed.ok) throw new Error(parsed.message);
    return decide(readRequest(parsed.envelope), { ...snapshot, ...fixed });
  };
}

const countSwitches = (decisions: readonly Decision[]) =>
  decisions.filter(({ model }, i) => i > 0 && model !== decisions[i - 1]?.model).length;

describe.each(WIRES)("a day with an agent over %s", (wire) => {
  const at = WIRES.indexOf(wire);
  const transcript = transcriptOf(wire);
  const { calls } = transcript;
  let sent: string[];
  let decisions: Decision[];
  beforeAll(() => {
    sent = extracts.slice(at * calls.length, (at + 1) * calls.length);
    const replica = startReplica();
    decisions = sent.map((envelope) => replica(JSON.parse(envelope)));
  });

  it("is as long as real ones, so that the extract is cut", () => {
    expect(calls.length).toBeGreaterThan(200);
    expect(JSON.stringify(transcript.body).length).toBeGreaterThan(300_000);
    expect(Buffer.byteLength(sent.at(-1) ?? "")).toBeLessThan(80_000);
  });

  it("never switches inside of a tool loop", () => {
    for (const [i, { isInLoop }] of calls.entries()) {
      if (!isInLoop) continue;
      const { model, tier, score, reason } = decisions[i - 1] ?? {};
      expect(decisions[i], `call ${i}`).toMatchObject({ model, tier, score, reason });
    }
  });

  it("switches only where the turns say so: up at once, down after three lower turns, and for more thought", () => {
    // In a stretch: down from the hard ask, down to the easy ones, up and down around "think harder"; then up again.
    expect(countSwitches(decisions)).toBe(3 * 4 + 2);
    const eager = startReplica(`${GATEWAY}  conversation: {downgrade_after: 1}\n`);
    expect(countSwitches(sent.map((envelope) => eager(JSON.parse(envelope))))).toBe(3 * 6 + 2);
  });

  it("is decided the same by two replicas, of which one is started again and again", () => {
    let other = startReplica();
    for (const [i, envelope] of sent.entries()) {
      if (i % 40 === 0) other = startReplica();
      expect(other(JSON.parse(envelope))).toEqual(decisions[i]);
    }
  });

  it("goes from the extract where it would go from the whole body", () => {
    const replica = startReplica();
    for (const [i, { end }] of calls.entries()) {
      if (i % 10 !== 0) continue;
      const { model, tier, score } = replica({ call_type: transcript.callType, body: upTo(transcript, end) });
      expect(decisions[i], `call ${i}`).toMatchObject({ model, tier, score });
    }
  });
});

function upTo({ body, field }: Transcript, end: number): Record<string, unknown> {
  const messages = body[field];
  return { ...body, [field]: Array.isArray(messages) ? messages.slice(0, end) : [] };
}

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { explanationSchema } from "../../src/explain/explanation-json.ts";
import { type Sidecar, startSidecar } from "../../src/main.ts";
import { readSettings } from "../../src/settings.ts";
import { insertDecision, insertFeedback, insertOutcome } from "../log/queries/log-rows.ts";
import { cloneDatabase, type TestDatabase } from "../support/database.ts";
import { runCli } from "../support/run-cli.ts";
import { policyOf } from "../support/sidecar-app.ts";
import { until } from "../support/until.ts";

const POLICY = `
model_list:
  - {model_name: small, litellm_params: {model: openai/small}}
  - {model_name: eyes, litellm_params: {model: openai/eyes}}
  - {model_name: large, litellm_params: {model: openai/large}}
  - {model_name: auto, litellm_params: {model: openai/small}}
routing:
  fallback_tier: simple
  tiers:
    simple: {score_range: [0, 20], model: small}
    medium: {score_range: [21, 50], models: [eyes, small]}
    complex: {score_range: [51, 100], models: [large, small]}
  aliases: {auto: auto_route}
  rules:
    - {name: agents, when: {has_tools: true, min_input_tokens: 5}, min_tier: complex, stop: false}
    - {name: titles, when: {system_matches: title, max_input_tokens: 9000}, model: small}
    - {name: research, when: {team_id: research, turns: 1}, tier: complex}
  classifier: {strategy: static}
  conversation: {downgrade_after: 3}
  collector: {store_text: none}
`;

const WEIGHTED = POLICY.replace("models: [eyes, small]}", "models: [eyes, small], pick: weighted}");

const CATALOG = {
  revision: "1",
  models: [
    { name: "small", input_cost_per_token: 1e-7, output_cost_per_token: 4e-7, supports_vision: false },
    { name: "eyes", input_cost_per_token: 1e-6, output_cost_per_token: 4e-6, supports_vision: true },
    { name: "large", input_cost_per_token: 1e-5, output_cost_per_token: 4e-5, supports_vision: false },
  ],
};

const folder = mkdtempSync(join(tmpdir(), "signalbox-explain-"));
const config = join(folder, "gateway.yaml");
let database: TestDatabase;
let sidecar: Sidecar;
let env: Record<string, string>;

beforeAll(async () => {
  writeFileSync(config, POLICY);
  database = await cloneDatabase();
  env = { SIGNALBOX_STATE_DIR: folder, DATABASE_URL: database.url, SIGNALBOX_CONFIG: config };
  sidecar = await startSidecar({
    settings: readSettings({ ...env, SIGNALBOX_PORT: "0" }),
    policy: policyOf(POLICY),
    env: {},
    logger: pino({ level: "silent" }),
    databaseUrl: database.url,
  });
  await fetch(`${sidecar.url}/v1/catalog`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(CATALOG),
  });
});
afterAll(async () => {
  await sidecar.close();
  await database.drop();
  rmSync(folder, { recursive: true });
});

const simulationSchema = z
  .looseObject({ decision_id: z.string().nullable(), ...explanationSchema.shape })
  .partial();

async function ask(path: string, body: object) {
  const response = await fetch(`${sidecar.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return simulationSchema.parse(await response.json());
}

const explain = (...args: string[]) => runCli(["explain", ...args], { env, cwd: folder });

async function logged(envelope: object): Promise<string> {
  const { decision_id } = await ask("/v1/route", envelope);
  const rows = () => database.query("SELECT FROM routing_logs WHERE id = $1", [decision_id]);
  await until(async () => (await rows()).length > 0);
  return String(decision_id);
}

const user = (content: unknown) => ({ role: "user", content });
const image = { type: "image_url", image_url: { url: "data:image/png;base64,AA" } };
const tool = { type: "function", function: { name: "look", parameters: {} } };
const HARD =
  "Prove that the algorithm is correct, analyze its complexity step by step, and refactor the architecture";

/** A call of a tool loop whose human turn is with the provider. */
const afterResponseOf = (model: string, more: object = {}) => {
  const facts = { previous_response_by: "resp_1", previous_response_model: model, ...more };
  const input = [{ type: "function_call_output", call_id: "a", output: "b" }];
  return { call_type: "aresponses", facts, body: { model: "auto", input } };
};

const ENVELOPES: readonly (readonly [string, Record<string, unknown>])[] = [
  ["an easy ask", { body: { model: "auto", messages: [user("hello there, how are you")] } }],
  ["a hard ask", { body: { model: "auto", messages: [user(HARD)] } }],
  [
    "a rule that raises",
    { body: { model: "auto", messages: [user("look it up for me now")], tools: [tool] } },
  ],
  [
    "an image",
    { body: { model: "auto", messages: [user([{ type: "text", text: "what is this" }, image])] } },
  ],
  [
    "a conversation held by an earlier turn",
    {
      body: {
        model: "auto",
        messages: [user(HARD), { role: "assistant", content: "done" }, user("what is 2 and 2")],
      },
    },
  ],
  [
    "a short reply",
    {
      body: {
        model: "auto",
        messages: [user(HARD), { role: "assistant", content: "done" }, user("ok, thanks")],
      },
    },
  ],
  [
    "a rule that nearly matched",
    { body: { model: "auto", messages: [user("hi"), user("and now?")] }, caller: { team_id: "research" } },
  ],
  ["a tool loop that names the response before", afterResponseOf("eyes")],
  ["one whose model cannot go on", afterResponseOf("large", { images: 1 })],
  ["a model of its own name", { body: { model: "large", messages: [user("hi")] } }],
];

/** Without its text a row of the dearest tier does not tell this; the sidecar knows it. */
const WORDS_UNTOLD =
  "whether words or repeats asked for more is not logged in the dearest tier: they would raise a lower score";

describe("signalbox explain", () => {
  it.each(ENVELOPES)(
    "finds for %s, without its text, what the sidecar finds with it",
    async (_, envelope) => {
      const id = await logged(envelope);
      const simulated = await ask("/v1/simulate", envelope);
      const { stdout, stderr, code } = await explain("--json", id);
      expect([code, stderr]).toEqual([0, ""]);
      const { flips, near_rules, notes, decision } = JSON.parse(stdout);
      expect(decision).toMatchObject({
        id,
        user_text: null,
        tier: simulated.tier,
        resolved_model: simulated.model,
      });
      expect({ flips, near_rules, notes: notes.filter((note: string) => note !== WORDS_UNTOLD) }).toEqual({
        flips: simulated.flips,
        near_rules: simulated.near_rules,
        notes: simulated.notes,
      });
    },
  );

  it("prints by which moment and which response a tool loop goes on", async () => {
    const messages = [user("look it up for me now")];
    await logged({ body: { model: "auto", messages, tools: [tool] } });
    const call = {
      role: "assistant",
      tool_calls: [{ id: "a", function: { name: "look", arguments: "{}" } }],
    };
    const later = [...messages, call, { role: "tool", tool_call_id: "a", content: "found" }];
    const inLoop = await explain(await logged({ body: { model: "auto", messages: later, tools: [tool] } }));
    expect(inLoop.stdout).toMatch(/\n {2}moment +of 20.*Z, when this tool loop began\n/);
    const after = await explain(await logged(afterResponseOf("eyes")));
    expect(after.stdout).toMatch(/\n {2}response +of eyes, which goes on\n/);
    expect(after.stdout).not.toContain("moment");
  });

  it("prints the steps in their order, what came of it, and what would flip it", async () => {
    const id = await logged({
      body: { model: "auto", messages: [user([{ type: "text", text: "what is this" }, image])] },
    });
    await insertOutcome(database, id, { served_by: "eyes", cost_usd: 2.5999999999999997e-6 });
    await insertFeedback(database, id, {
      rating: "down",
      expected_tier: "complex",
      comment: "it saw nothing",
    });
    const { stdout, code } = await explain(id);
    expect(code).toBe(0);
    const parts = [
      `decision      ${id} of 20`,
      "auto -> eyes",
      "\n  read",
      "\n  classify",
      "\n  turns",
      "\n  tier",
      "small refused: it reads no images",
      "mode        enforce",
      "outcome     success, by eyes, $0.0000026, 1000 ms, 100 + 50 tokens",
      "feedback    down, expected complex: it saw nothing",
      "what would flip it",
      "if small could take it (it reads no images): simple (0-20), small",
    ];
    expect(parts.filter((part) => !stdout.includes(part))).toEqual([]);
    const places = parts.map((part) => stdout.indexOf(part));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  it("says what cannot be told where another gateway.yaml decided, and what this one would do", async () => {
    const id = await logged({ body: { model: "auto", messages: [user("hello")] } });
    const other = join(folder, "other.yaml");
    writeFileSync(
      other,
      POLICY.replace(
        "simple: {score_range: [0, 20], model: small}",
        "simple: {score_range: [0, 20], model: eyes}",
      ),
    );
    const { stdout, code } = await explain("--config", other, id);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /decided under revision \w+ of gateway\.yaml, this one is \w+: .*; this one would serve simple, eyes/,
    );
  });

  it("says that a split by weight may have fallen otherwise", async () => {
    const id = await logged({ body: { model: "auto", messages: [user("hello there, how are you")] } });
    const set = "UPDATE routing_logs SET policy_revision = $2 WHERE id = $1";
    await database.query(set, [id, policyOf(WEIGHTED).revision]);
    const weighted = join(folder, "weighted.yaml");
    writeFileSync(weighted, WEIGHTED);
    const { stdout } = await explain("--config", weighted, id);
    expect(stdout).toContain("which model of medium comes first goes by weight: it may be another one");
  });

  it("prints nothing that steers the terminal: clients choose names and comments", async () => {
    const original_model = "x\u001b[2J\u001b]0;title\u0007y";
    const id = await insertDecision(database, new Date(), { original_model, trace: [], candidates: [] });
    await insertFeedback(database, id, { comment: "\u001b[1mbad" });
    const { stdout } = await explain(id);
    expect(stdout).toContain("feedback    up: bad");
    expect(stdout).toContain("model         xy -> ");
    expect(stdout).not.toMatch(/[^\P{Cc}\n]/u);
  });

  it("explains a row of an older version, whose trace it cannot read", async () => {
    const id = await insertDecision(database, new Date(), { trace: [{ step: "guess" }], candidates: [] });
    const { stdout, code } = await explain(id);
    expect(code).toBe(0);
    expect(stdout).toContain("none are stored");
  });

  it("exits with 1 where there is no such decision, and with 2 where the id is none", async () => {
    const none = await explain("01a1fa80-507c-760a-b2bc-469b6c9a707f");
    expect(none.code).toBe(1);
    expect(none.stderr).toContain("the database has no such decision");
    const bad = await explain("7");
    expect(bad.code).toBe(2);
    expect(bad.stderr).toContain("found no decision id");
  });
});

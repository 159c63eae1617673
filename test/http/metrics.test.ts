import { readFileSync } from "node:fs";
import { join } from "node:path";
import request from "supertest";
import { describe, expect, it } from "vitest";
import { createMetrics } from "../../src/http/metrics.ts";
import type { RecorderStatus } from "../../src/log/recorder.ts";
import { createTestApp } from "../support/sidecar-app.ts";

const HELLO = { body: { model: "auto", messages: [{ role: "user", content: "canary-text" }] } };

const NONE = { accepted: 0, stored: 0, waiting: 0, dropped: {} };
const LOG: RecorderStatus = {
  tables: {
    routing_logs: { accepted: 10, stored: 5, waiting: 3, dropped: { outbox_full: 1, poison: 1 } },
    routing_outcomes: NONE,
    routing_feedback: NONE,
  },
  lastError: null,
  outbox: null,
  maintenance: null,
  embeddings: null,
  alarms: [],
};

const POLICY_FIGURES = {
  reloads: () => ({
    counts: { applied: 2, unchanged: 1, refused: 3 },
    lastSuccessAt: new Date(1_500),
    problems: [],
    modelListChangedAt: null,
  }),
  llmStatus: () => null,
  policyRevision: () => "abc",
};

/** The samples of one metric, without its comments. */
function samples(text: string, name: string): string[] {
  return text.split("\n").filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
}

describe("createMetrics()", () => {
  it("tells how reloads of the policy went, and which is in force", async () => {
    const text = await createMetrics({
      ...POLICY_FIGURES,
      answered: () => ({}),
      logStatus: () => LOG,
    }).text();
    expect(samples(text, "signalbox_policy_reloads_total")).toEqual([
      'signalbox_policy_reloads_total{result="applied"} 2',
      'signalbox_policy_reloads_total{result="unchanged"} 1',
      'signalbox_policy_reloads_total{result="refused"} 3',
    ]);
    expect(samples(text, "signalbox_policy_last_success_timestamp_seconds")).toEqual([
      "signalbox_policy_last_success_timestamp_seconds 1.5",
    ]);
    expect(samples(text, "signalbox_policy_info")).toEqual(['signalbox_policy_info{revision="abc"} 1']);
  });

  it("tells the rows of the log by table, state and reason, as they are when it is asked", async () => {
    let accepted = 10;
    const tables = { ...LOG.tables, routing_logs: { ...LOG.tables.routing_logs } };
    const logStatus = () => ({ ...LOG, tables: { ...tables, routing_outcomes: { ...NONE, accepted } } });
    const metrics = createMetrics({ ...POLICY_FIGURES, answered: () => ({}), logStatus });
    await metrics.text();
    accepted = 11;
    const text = await metrics.text();
    expect(samples(text, "signalbox_log_rows_total")).toEqual(
      expect.arrayContaining([
        'signalbox_log_rows_total{table="routing_logs",state="accepted",reason=""} 10',
        'signalbox_log_rows_total{table="routing_logs",state="stored",reason=""} 5',
        'signalbox_log_rows_total{table="routing_logs",state="dropped",reason="outbox_full"} 1',
        'signalbox_log_rows_total{table="routing_logs",state="dropped",reason="poison"} 1',
        'signalbox_log_rows_total{table="routing_outcomes",state="accepted",reason=""} 11',
      ]),
    );
    expect(samples(text, "signalbox_log_waiting_rows")).toContain(
      'signalbox_log_waiting_rows{table="routing_logs"} 3',
    );
  });

  it("puts a duration into the bucket that it belongs to", async () => {
    const metrics = createMetrics({ ...POLICY_FIGURES, answered: () => ({}), logStatus: () => LOG });
    metrics.routeAnswered(0.2);
    metrics.routeAnswered(30);
    const text = await metrics.text();
    expect(text).toContain('signalbox_route_duration_seconds_bucket{le="0.0001"} 0');
    expect(text).toContain('signalbox_route_duration_seconds_bucket{le="0.00025"} 1');
    expect(text).toContain('signalbox_route_duration_seconds_bucket{le="0.05"} 2');
    expect(text).toMatch(/^signalbox_route_duration_seconds_sum 0\.03(?:02|0199\d+)$/m);
  });
});

describe("GET /metrics", () => {
  it("counts decisions by method and their time, in Prometheus' text format", async () => {
    const { app } = createTestApp();
    await request(app).post("/v1/route").send(HELLO).expect(200);
    await request(app)
      .post("/v1/route")
      .send({ body: { model: "small" } })
      .expect(200);
    await request(app).post("/v1/route").send({}).expect(400);
    const { text, headers } = await request(app).get("/metrics").expect(200);
    expect(headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(samples(text, "signalbox_decisions_total").sort()).toEqual([
      'signalbox_decisions_total{method="auto"} 1',
      'signalbox_decisions_total{method="passthrough"} 1',
    ]);
    expect(text).toContain("signalbox_route_duration_seconds_count 2");
    expect(text).toContain("process_cpu_user_seconds_total");
    expect(text).not.toContain("canary");
  });

  it("counts a call that Express serves as one of the hot path", async () => {
    const { app } = createTestApp();
    await request(app).post("/v1/route?by=hand").send(HELLO).expect(200);
    const { text } = await request(app).get("/metrics");
    expect(text).toContain("signalbox_route_duration_seconds_count 1");
  });

  it("tells of no metric that its documentation leaves out", async () => {
    const { text } = await request(createTestApp().app).get("/metrics");
    const names = [...text.matchAll(/^# TYPE (signalbox_\w+)/gm)].map(([, name]) => name);
    const docs = readFileSync(join(import.meta.dirname, "../../docs/api.md"), "utf8");
    const described = [...docs.matchAll(/^\| `(signalbox_\w+)/gm)].map(([, name]) => name);
    expect(names.sort()).toEqual(described.sort());
  });

  it("needs the admin secret", async () => {
    const secrets = { callback: ["callback-secret-01"], feedback: [], admin: ["admin-secret-000001"] };
    const { app } = createTestApp({ secrets, loopbackOnly: false });
    const ask = (secret: string) => request(app).get("/metrics").set("Authorization", `Bearer ${secret}`);
    await ask("callback-secret-01").expect(401);
    await ask("admin-secret-000001").expect(200);
  });
});

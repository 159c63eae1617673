import { afterEach, beforeEach, expect, test } from "vitest";
import { createMaintenance, type Maintenance, type MaintenanceOptions } from "../../src/log/maintenance.ts";
import { migrate } from "../../src/log/migrate.ts";
import { cloneDatabase, type TestDatabase } from "../support/database.ts";
import { until } from "../support/until.ts";
import { insertDecision, insertOutcome } from "./queries/log-rows.ts";

const DAY_MS = 86_400_000;

let database: TestDatabase;
let maintenance: Maintenance;
let events: Record<string, unknown>[];
beforeEach(async () => {
  database = await cloneDatabase();
  events = [];
});
afterEach(async () => {
  await maintenance.close();
  await database.drop();
});

function open(changes: Partial<MaintenanceOptions> = {}): Maintenance {
  const note = (fields: unknown) => void events.push(Object.assign({}, fields));
  maintenance = createMaintenance({
    databaseUrl: database.url,
    retentionDays: () => 90,
    oldestWaiting: () => null,
    prepare: (client) => migrate(client),
    logger: { info: note, warn: note },
    ...changes,
  });
  return maintenance;
}

test("createMaintenance() runs at once, makes partitions, figures and labels, and says so", async () => {
  const id = await insertDecision(database, new Date(Date.now() - 3_600_000));
  await insertOutcome(database, id, { finish_reason: "length" });
  open();
  expect(maintenance.status()).toMatchObject({
    lastRunAt: null,
    partitionsAhead: null,
    defaultRows: null,
    lastError: null,
  });
  await maintenance.run();
  expect(maintenance.status()).toMatchObject({
    partitionsAhead: 7,
    defaultRows: 0,
    lastError: null,
    alarms: [],
  });
  expect(Date.now() - (maintenance.status().lastRunAt?.getTime() ?? 0)).toBeLessThan(60_000);
  expect(await database.query("SELECT decision_id FROM routing_labels")).toEqual([{ decision_id: id }]);
  expect(await database.query("SELECT requests FROM routing_daily")).toEqual([{ requests: 1 }]);
  expect(events).toMatchObject([{ event: "partitions", movedRows: 2, defaultRows: 0 }]);
});

test("createMaintenance() alarms of rows that are of no day of ours", async () => {
  await insertDecision(database, new Date(Date.now() + 400 * DAY_MS));
  await open().run();
  expect(maintenance.status()).toMatchObject({ defaultRows: 1, lastError: null });
  expect(maintenance.status().alarms).toEqual([expect.stringMatching(/^1 row is in the default partitions/)]);
});

test("createMaintenance() says that decisions were removed which were older than all that is kept, but of no late feedback", async () => {
  await insertDecision(database, new Date(Date.now() - 120 * DAY_MS));
  await open().run();
  expect(await database.query("SELECT FROM routing_logs")).toHaveLength(0);
  expect(events).toContainEqual({ event: "decisions_expired", decisions: 1 });
  expect(maintenance.status().alarms).toEqual([
    "1 decision was older than retention_days when stored, and removed: look at the clock of the machine that made it",
  ]);
  await database.query(
    `INSERT INTO routing_feedback (id, decision_id, created_at, rating, source)
     VALUES (gen_random_uuid(), routing_id_at(now() - interval '120 days'), now(), 'up', 'api')`,
  );
  await maintenance.run();
  expect(await database.query("SELECT FROM routing_feedback")).toHaveLength(0);
  expect(maintenance.status().alarms).toEqual([]);
});

test("createMaintenance() makes partitions for what waits in the outbox", async () => {
  await open({ oldestWaiting: () => new Date(Date.now() - 4 * DAY_MS) }).run();
  const days = await database.query("SELECT day FROM routing_partitions('routing_logs')");
  expect(days).toHaveLength(4 + 1 + 7);
});

test("createMaintenance() looks for signals in what waited during the run before, however old it is", async () => {
  const decidedAt = new Date(Date.now() - 4 * DAY_MS);
  let waiting: Date | null = decidedAt;
  await open({ oldestWaiting: () => waiting }).run();
  const id = await insertDecision(database, decidedAt);
  await insertOutcome(database, id, { finish_reason: "length" });
  waiting = null;
  await maintenance.run();
  expect(await database.query("SELECT decision_id FROM routing_labels")).toEqual([{ decision_id: id }]);
});

test("createMaintenance() says what keeps it, and tries again until it can", async () => {
  let isAway = true;
  const prepare = () => (isAway ? Promise.reject(new Error("the database is away")) : Promise.resolve());
  await open({ prepare, retryMs: 5 }).run();
  expect(maintenance.status()).toMatchObject({ lastRunAt: null, lastError: "the database is away" });
  expect(events[0]).toMatchObject({ event: "maintenance_failed", message: "the database is away" });
  isAway = false;
  await until(() => maintenance.status().lastError === null);
  expect(maintenance.status().partitionsAhead).toBe(7);
});

test("createMaintenance() runs again after its interval", async () => {
  await open({ intervalMs: 5 }).run();
  const first = maintenance.status().lastRunAt?.getTime() ?? 0;
  await until(() => (maintenance.status().lastRunAt?.getTime() ?? 0) > first);
});

test("close() ends a run that is under way", async () => {
  const never = new Promise<void>(() => undefined);
  let isAtIt = false;
  open({
    prepare: async (client) => {
      isAtIt = true;
      await Promise.race([never, client.query("SELECT pg_sleep(600)")]);
    },
  });
  await until(() => isAtIt);
  const started = performance.now();
  await maintenance.close();
  expect(performance.now() - started).toBeLessThan(5_000);
  expect(maintenance.status().lastError).toBe(null);
});

import { spawn } from "node:child_process";
import { once } from "node:events";

const moduleUrl = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);

/** What a recorder in another process takes before it is killed; the database is away all the time. */
export interface Taken {
  readonly outboxRoot: string;
  /** Changes of everyday records; `at` as text. */
  readonly records: readonly { readonly id: string; readonly userId: string }[];
  readonly feedback: readonly { readonly id: string; readonly decision_id: string }[];
}

/** Runs a recorder in a process of its own until it has taken all, and kills it. */
export async function leaveInOutbox({ outboxRoot, records, feedback }: Taken): Promise<void> {
  const program = `
    import { openLog } from ${moduleUrl("../../../src/log/open-log.ts")};
    import { makeRecord } from ${moduleUrl("../decision-record.ts")};
    const recorder = openLog({
      privacy: { storeText: "full", hashKey: Buffer.alloc(32, 1) }, outboxMaxBytes: 2 ** 30, retentionDays: 90,
      outboxRoot: ${JSON.stringify(outboxRoot)}, databaseUrl: "postgres://nobody@127.0.0.1:1/nothing",
      logger: { info() {}, warn() {} },
    });
    for (const { id, userId } of ${JSON.stringify(records)}) recorder.record(makeRecord({ id, caller: { userId } }));
    const rest = { created_at: new Date().toISOString(), rating: "up", expected_tier: null, comment: null, source: "api" };
    for (const row of ${JSON.stringify(feedback)}) recorder.feedback({ ...rest, ...row });
    console.log("taken");
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}

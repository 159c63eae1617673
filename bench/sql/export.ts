import { spawn } from "node:child_process";
import { once } from "node:events";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { cpuSeconds, residentMb } from "../process-figures.ts";
import { pidOf } from "../server-process.ts";
import type { Workplace } from "../workplace.ts";

const repository = join(import.meta.dirname, "../..");
/** How often the process is looked at, in milliseconds: its last figures are at most so old. */
const LOOK_MS = 50;

/** What an export of the whole training set took. */
export interface MeasuredExport {
  readonly seconds: number;
  /** Processor time of the export alone, without PostgreSQL's. */
  readonly cpuSeconds: number;
  readonly peakMb: number;
  readonly fileMb: number;
}

/** Runs `signalbox export --format parquet` of every row. @throws {Error} where it fails. */
export async function measureExport({ folder, databaseUrl }: Workplace): Promise<MeasuredExport> {
  const out = join(folder, "training.parquet");
  const args = ["src/cli/signalbox.ts", "export", "--format", "parquet", "--out", out];
  const env = { ...process.env, DATABASE_URL: databaseUrl };
  const started = performance.now();
  const child = spawn(process.execPath, args, {
    cwd: repository,
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const pid = pidOf(child);
  const seen = { cpuSeconds: 0, peakMb: 0 };
  const timer = setInterval(() => Object.assign(seen, look(pid)), LOOK_MS);
  const [code] = await once(child, "exit");
  clearInterval(timer);
  if (code !== 0) throw new Error(`Cannot measure the export: it ended with code ${code}`);
  const seconds = (performance.now() - started) / 1_000;
  const { size } = await stat(out);
  return { seconds, ...seen, fileMb: size / 1_000_000 };
}

/** Nothing of a process that has just ended. */
function look(pid: number): Partial<MeasuredExport> {
  try {
    const { peak } = residentMb(pid);
    return Number.isNaN(peak) ? {} : { cpuSeconds: cpuSeconds(pid), peakMb: peak };
  } catch {
    return {};
  }
}

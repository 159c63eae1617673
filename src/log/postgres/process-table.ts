import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

/** Fields of /proc/PID/stat after the command, which may itself hold spaces and brackets: start time is the 20th. */
const START_TIME_FIELD = 19;

/**
 * When a process started, in words that no other process shares: after its id was reused they differ.
 *
 * @returns null where no such process runs.
 */
export function processStart(pid: number): string | null {
  if (!hasProc()) return askPs(pid, "lstart=");
  const stat = readOrNull(`/proc/${pid}/stat`);
  if (stat === null) return null;
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  // A zombie has ended; only its parent has not looked yet.
  if (fields[0] === "Z") return null;
  return `${readOrNull("/proc/sys/kernel/random/boot_id")?.trim()}:${fields[START_TIME_FIELD]}`;
}

/** The arguments that a process was started with, separated by spaces; null where no such process runs. */
export function processCommand(pid: number): string | null {
  if (!hasProc()) return askPs(pid, "command=");
  const command = readOrNull(`/proc/${pid}/cmdline`);
  return command === null || command === "" ? null : command.replaceAll("\0", " ").trim();
}

function hasProc(): boolean {
  return existsSync("/proc/self/stat");
}

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

function askPs(pid: number, field: string): string | null {
  try {
    const args = ["-ww", "-o", field, "-p", String(pid)];
    const answer = execFileSync("ps", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
    return answer === "" ? null : answer;
  } catch {
    return null;
  }
}

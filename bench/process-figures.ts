import { readFileSync } from "node:fs";

/** Ticks of a second in /proc/<pid>/stat: USER_HZ, 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
/** Index of `utime` among the fields that follow the program's name, see proc(5); `stime` comes after it. */
const USER_TIME_FIELD = 11;
const KIB_PER_MB = 1_000_000 / 1_024;

/** Processor time that a process has used, user and system, all threads, in seconds; 10 ms fine. Linux only. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(fields[USER_TIME_FIELD]) + Number(fields[USER_TIME_FIELD + 1]);
  return ticks / TICKS_PER_SECOND;
}

/** Memory of a process that is resident now, and the most that ever was, in MB (10^6 bytes). Linux only. */
export function residentMb(pid: number): { readonly now: number; readonly peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const megabytes = (field: string) =>
    Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]) / KIB_PER_MB;
  return { now: megabytes("VmRSS"), peak: megabytes("VmHWM") };
}

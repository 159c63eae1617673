import { z } from "zod";
import { printable } from "../printable.ts";

/** Longest line of a child that is shown on the terminal, in characters. */
const MAX_SHOWN_CHARS = 200;

const WARN_LEVEL = 40;

const sidecarLine = z.looseObject({
  level: z.number(),
  event: z.string().optional(),
  msg: z.string().optional(),
});

const litellmLine = z.looseObject({
  level: z.string(),
  message: z.string(),
  component: z.string().optional(),
});

/** A sidecar's JSON log line in words for the terminal; null where it is not worth a line there. */
export function shownOfSidecar(line: string): string | null {
  const parsed = sidecarLine.safeParse(parseJson(line));
  if (!parsed.success) return shorten(line);
  const { level, event, msg, pid: _pid, hostname: _hostname, time: _time, ...rest } = parsed.data;
  // What people wait for: whoever edits gateway.yaml sees that it is in force, or takes back what was refused.
  if (event === "policy_reloaded" && (rest.result === "applied" || rest.wasRefused === true))
    return "gateway.yaml is in force as it is now";
  if (level < WARN_LEVEL) return null;
  return shorten([event, msg, JSON.stringify(rest)].filter((part) => part && part !== "{}").join(" "));
}

/** A LiteLLM JSON log line in words for the terminal; null where it is not worth a line there. */
export function shownOfLitellm(line: string): string | null {
  const parsed = litellmLine.safeParse(parseJson(line));
  if (!parsed.success) return null;
  const { level, message, component } = parsed.data;
  if (component === "uvicorn.access") return shownOfAccess(message);
  // LiteLLM warns of much that nobody here can change; the callback warns of what matters.
  const isWorthIt =
    ["ERROR", "CRITICAL"].includes(level) || (level === "WARNING" && component === "signalbox");
  return isWorthIt ? shorten(`${level.toLowerCase()}: ${message}`) : null;
}

/** Requests of clients, without the polling of health checks. */
function shownOfAccess(message: string): string | null {
  const parts = /"(POST) (\S+) HTTP\/[\d.]+" (\d+)/.exec(message);
  return parts === null ? null : `${parts[1]} ${parts[2]} ${parts[3]}`;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function shorten(text: string): string {
  const line = printable(text).split("\n")[0] ?? "";
  return line.length > MAX_SHOWN_CHARS ? `${line.slice(0, MAX_SHOWN_CHARS)}...` : line;
}

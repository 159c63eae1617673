import { LITELLM_HOST, type Plan } from "./plan.ts";

export interface Welcome {
  readonly plan: Plan;
  /** URL of the log's database, null without a log. */
  readonly databaseUrl: string | null;
  readonly embedded: boolean;
}

/** What people need to know once everything runs. */
export function welcome({ plan, databaseUrl, embedded }: Welcome): string {
  return [
    "",
    ...picture(plan, databaseUrl, embedded),
    "",
    ...modelLines(plan),
    ...dashboardLines(plan),
    `Log files     ${plan.logsDir}/`,
    ...logLines(databaseUrl, embedded),
    "",
    "Try it, in another terminal:",
    "",
    curlLine(plan),
    "",
    "Ctrl-C stops everything.",
    "",
  ].join("\n");
}

function picture(plan: Plan, databaseUrl: string | null, embedded: boolean): readonly string[] {
  const provider = plan.demo ? "canned answers (demo mode)" : "your providers";
  const database = embedded ? "PostgreSQL (embedded)" : "PostgreSQL (DATABASE_URL)";
  return [
    `  client --> LiteLLM  http://${LITELLM_HOST}:${plan.litellmPort} --> ${provider}`,
    "               |  which model?",
    `             sidecar  ${sidecarUrl(plan)}${databaseUrl === null ? "" : ` --> ${database}`}`,
  ];
}

/** What the callback and people use to reach the sidecar. */
export function sidecarUrl(plan: Plan): string {
  if (plan.sidecarSocket !== null) return `unix://${plan.sidecarSocket}`;
  return `http://${reachableHost(plan.sidecarHost)}:${plan.sidecarPort}`;
}

/** An address that listens everywhere is reached through loopback. */
function reachableHost(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return host.includes(":") ? `[${host}]` : host;
}

/** Said before anything starts, where nothing could be asked for real. */
export function demoNotice({ keys }: Plan): string {
  const why = keys.noneUsable ? `none of ${keys.names.join(", ")} is set` : "as asked for";
  return `Demo mode, ${why}: models answer with a canned text that names them, and nothing is paid.`;
}

function modelLines({ demo, keys, gatewayFile }: Plan): readonly string[] {
  const lines = [`Models        ${gatewayFile}`];
  if (demo) {
    const how = keys.missing.length === 0 ? "" : ` Set ${keys.missing.join(", ")} in .env for real ones.`;
    lines.push(`Demo mode     Answers are canned texts that name the model; nothing is paid.${how}`);
  } else if (keys.unusable.length > 0) {
    lines.push(`Left out      ${keys.unusable.join(", ")}, for want of ${keys.missing.join(", ")} in .env`);
  }
  return lines;
}

/** No browser opens a socket. */
function dashboardLines(plan: Plan): readonly string[] {
  return plan.sidecarSocket === null ? [`Dashboard     ${sidecarUrl(plan)}/dashboard`] : [];
}

function logLines(databaseUrl: string | null, embedded: boolean): readonly string[] {
  if (databaseUrl === null) return ["Decisions     not logged (collector.enabled is false)"];
  const psql = embedded ? [`              psql '${databaseUrl}'`] : [];
  return ["Decisions     node scripts/signalbox.mjs export --format csv", ...psql];
}

/** A command that can be pasted into a shell as it is; the headers say what was decided and why. */
function curlLine({ litellmPort, masterKey, exampleModel }: Plan): string {
  const body = JSON.stringify({
    model: exampleModel,
    messages: [{ role: "user", content: "What is the capital of France?" }],
  });
  return [
    `curl -sS -i http://${LITELLM_HOST}:${litellmPort}/v1/chat/completions`,
    `-H ${quote(`Authorization: Bearer ${masterKey}`)}`,
    "-H 'Content-Type: application/json'",
    `-d ${quote(body)}`,
  ].join(" ");
}

/** Quotes for a POSIX shell. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

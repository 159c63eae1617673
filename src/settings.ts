import { z } from "zod";

const PORT = "expected a port in 0..65535";
const port = z.coerce
  .number({ error: PORT })
  .int({ error: PORT })
  .min(0, { error: PORT })
  .max(65_535, { error: PORT });

/** What a header takes as it is, and the sidecar reads as a bearer token. */
const SECRET = /^[\x21-\x7e]{16,512}$/;

/** One secret, or two separated by a comma while one replaces the other. */
const secret = z
  .string()
  .transform((text) =>
    text
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== ""),
  )
  .refine((values) => values.length <= 2, "expected one secret, or two separated by a comma")
  .refine(
    (values) => values.every((value) => SECRET.test(value)),
    "expected 16 to 512 visible ASCII characters; commas part two values",
  );

const SECRET_FORM =
  "16 to 512 visible ASCII characters; two such values, separated by a comma, are both valid while one replaces the other.";

/** As the driver reads it, which also takes a user without a host where the query names a socket's folder. */
function isReadableUrl(url: string): boolean {
  return URL.canParse(url) || URL.canParse(url.replace("@/", "@localhost/"));
}

/** The environment of the sidecar and of `signalbox up`. Every variable is optional. */
export const settingsSchema = z.object({
  SIGNALBOX_CONFIG: z.string().min(1).default("gateway.yaml").describe("Path of gateway.yaml."),
  SIGNALBOX_HOST: z
    .string()
    .min(1)
    .default("127.0.0.1")
    .describe("Address to listen on. Any but a loopback address needs SIGNALBOX_SECRET."),
  SIGNALBOX_PORT: port.default(4100).describe("TCP port of the sidecar."),
  SIGNALBOX_SOCKET: z
    .string()
    .min(1)
    .optional()
    .describe("Path of a Unix socket to listen on instead of TCP."),
  SIGNALBOX_SECRET: secret
    .optional()
    .describe(`Secret of the callback, sent as a bearer token. ${SECRET_FORM}`),
  SIGNALBOX_FEEDBACK_SECRET: secret
    .optional()
    .describe(`Secret of applications that send feedback. ${SECRET_FORM}`),
  SIGNALBOX_ADMIN_SECRET: secret
    .optional()
    .describe(`Secret of people and tools that read decisions or change the policy. ${SECRET_FORM}`),
  SIGNALBOX_STATE_DIR: z
    .string()
    .min(1)
    .default(".signalbox")
    .describe("Folder of what the program keeps: embedded database, Python environment, keys, logs."),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(?:ql)?:\/\//, {
      error: "expected postgres://user:password@host:5432/database",
      abort: true,
    })
    .refine(
      isReadableUrl,
      "expected postgres://user:password@host:5432/database; in a password / is written %2F, # %23, ? %3F, @ %40",
    )
    .optional()
    .describe("PostgreSQL for the log. Unset: `npm start` runs an embedded one."),
  LITELLM_PORT: port.default(4000).describe("Port on which `npm start` runs LiteLLM."),
  LITELLM_MASTER_KEY: z
    .string()
    .min(1)
    .optional()
    .describe("LiteLLM's master key. Unset: `npm start` makes one and keeps it in the state folder."),
  LOG_LEVEL: z
    .enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"])
    .default("info")
    .describe("Lowest level that is logged."),
});

export type Settings = z.infer<typeof settingsSchema>;

/** A variable of the environment holds something else than it should. */
export class SettingsError extends Error {
  override name = "SettingsError";
}

/**
 * Reads the environment. An empty variable counts as unset, as compose files pass unset ones that way.
 *
 * @throws {SettingsError} naming every variable that is wrong; values are left out, they may be secrets.
 */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const given = Object.entries(env).filter(([, value]) => value !== undefined && value !== "");
  const result = settingsSchema.safeParse(Object.fromEntries(given));
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new SettingsError(`Cannot read the environment: ${lines.join("; ")}`);
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What the sidecar may see: the machine's basics, its own settings, the database, what `routing` names. It
 * holds no provider key, so a provider key that lies in the environment must not reach it either.
 */
const SIDECAR_VARIABLES =
  /^(PATH|HOME|USER|LOGNAME|TZ|LANG|LC_\w+|TMPDIR|NODE_\w+|SIGNALBOX_\w+|DATABASE_URL|PG[A-Z]+|LOG_LEVEL|SSL_CERT_\w+|(HTTPS?|NO|ALL)_PROXY)$/i;

export function sidecarEnvironment(
  env: Environment,
  namedInRouting: readonly string[],
  settings: Environment,
): Environment {
  const wanted = Object.entries(env).filter(
    ([name]) => SIDECAR_VARIABLES.test(name) || namedInRouting.includes(name),
  );
  return { ...Object.fromEntries(wanted), ...settings };
}

/** Settings of the sidecar that LiteLLM has no use for. */
const NOT_FOR_LITELLM = [
  // LiteLLM would take the log's database for its own and demand prisma.
  "DATABASE_URL",
  "SIGNALBOX_ADMIN_SECRET",
  "SIGNALBOX_FEEDBACK_SECRET",
];

export function litellmEnvironment(env: Environment, settings: Environment): Environment {
  const kept = Object.entries(env).filter(([name]) => !NOT_FOR_LITELLM.includes(name));
  return {
    // Unless told otherwise LiteLLM loads its price list from the web, and without a network start-up waits for it.
    LITELLM_LOCAL_MODEL_COST_MAP: "True",
    PYTHONUNBUFFERED: "1",
    ...Object.fromEntries(kept),
    // LiteLLM looks for .env in every folder above itself: it would find what was just left out.
    PYTHON_DOTENV_DISABLED: "true",
    ...settings,
  };
}

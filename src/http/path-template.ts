const PARAMETER = /\{(\w+)\}/g;

/** The path in the form that Express routes by: `/v1/decisions/{id}` becomes `/v1/decisions/:id`. */
export function expressPath(path: string): string {
  return path.replaceAll(PARAMETER, ":$1");
}

/** Whether a requested path is one of a template's. */
export function matchesTemplate(path: string, requested: string): boolean {
  const parts = path.split("/");
  const given = requested.split("/");
  return (
    parts.length === given.length && parts.every((part, at) => part.startsWith("{") || part === given[at])
  );
}

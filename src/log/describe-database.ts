/** Where a database URL leads, for people: without user and password. */
export function describeDatabase(databaseUrl: string): string {
  const { hostname, port, pathname, searchParams } = new URL(databaseUrl);
  const host = searchParams.get("host") ?? (hostname === "" ? "localhost" : hostname);
  const name = decodeURIComponent(pathname.slice(1));
  return `PostgreSQL at ${host}:${port === "" ? "5432" : port}${name === "" ? "" : `, database ${name}`}`;
}

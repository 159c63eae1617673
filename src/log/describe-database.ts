/** Where a database URL leads, for people: without user and password. */
export function describeDatabase(databaseUrl: string): string {
  if (!URL.canParse(databaseUrl)) return "PostgreSQL at the address in DATABASE_URL";
  const { hostname, port, pathname, searchParams } = new URL(databaseUrl);
  const host = searchParams.get("host") ?? (hostname === "" ? "localhost" : decodeURIComponent(hostname));
  const name = decodeURIComponent(pathname.slice(1));
  return `PostgreSQL at ${host}:${port === "" ? "5432" : port}${name === "" ? "" : `, database ${name}`}`;
}

import { expect, test } from "vitest";
import { describeDatabase } from "../../src/log/describe-database.ts";

test.each([
  ["postgres://me:canary@db:6543/log", "PostgreSQL at db:6543, database log"],
  ["postgresql://me:canary@db", "PostgreSQL at db:5432"],
  ["postgres://me:canary@[::1]/log?sslmode=require", "PostgreSQL at [::1]:5432, database log"],
  ["postgres:///log?host=/run/postgresql", "PostgreSQL at /run/postgresql:5432, database log"],
  ["postgres://me:can#ary@db/log", "PostgreSQL at the address in DATABASE_URL"],
])("describeDatabase() says of %s where it leads, and no more", (url, description) => {
  expect(describeDatabase(url)).toBe(description);
});

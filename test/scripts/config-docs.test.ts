import { expect, it } from "vitest";
import { configDocs } from "../../scripts/config-docs.ts";

const typeOf = (key: string) => {
  const line = configDocs()
    .split("\n")
    .find((row) => row.startsWith(`| \`${key}\` |`));
  return line?.split(" | ")[1];
};

it("configDocs() puts what a list holds into the plural", () => {
  expect(typeOf("routing.tiers.<name>.models")).toBe("list of texts or mappings");
});

it("configDocs() leaves values of a list as they are", () => {
  const calls = configDocs()
    .split("\n")
    .find((row) => row.includes("when.call_type`"));
  expect(calls?.match(/`atext_completion`/g)).toHaveLength(2);
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { readFences } from "../support/markdown.ts";

const ROOT = join(import.meta.dirname, "..", "..");

it("docs/outcomes.md shows the logger that the end-to-end tests run", () => {
  const [fence] = readFences(readFileSync(join(ROOT, "docs/outcomes.md"), "utf8"));
  const fixture = readFileSync(join(ROOT, "test/e2e/fixtures/litellm-config.yaml"), "utf8");
  const { callback_settings } = parse(fence?.text ?? "");
  expect(callback_settings).toBeDefined();
  expect(parse(fixture).callback_settings).toEqual(callback_settings);
});

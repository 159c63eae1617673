import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { followRoutingVariables } from "../../../src/cli/up/routing-variables.ts";

it("followRoutingVariables() tells what routing names by now, never what model_list does", () => {
  const folder = mkdtempSync(join(tmpdir(), "signalbox-variables-"));
  const file = join(folder, "gateway.yaml");
  const write = (routing: string) =>
    writeFileSync(file, `model_list: [{api_key: os.environ/OPENAI_API_KEY}]\nrouting: ${routing}\n`);
  write("{llm: {api_base: os.environ/A}}");
  const tell = followRoutingVariables(file);
  expect(tell()).toEqual(["A"]);
  write("{llm: {api_base: os.environ/A, api_key: os.environ/B}}");
  expect(tell()).toEqual(["A", "B"]);
  write("{llm: {api_base:");
  expect(tell()).toEqual(["A", "B"]);
  rmSync(folder, { recursive: true });
});

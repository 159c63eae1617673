import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { loadPolicyOrFail, loadUntoldOrFail } from "../../src/cli/policy-file.ts";

const folder = mkdtempSync(join(tmpdir(), "signalbox-policy-file-"));
afterAll(() => rmSync(folder, { recursive: true }));

const file = join(folder, "gateway.yaml");
/** An alias without a backing gets a warning. */
const TEXT = `
model_list: [{model_name: small, litellm_params: {model: openai/small}}]
routing:
  fallback_tier: all
  tiers: {all: {score_range: [0, 100], model: small}}
  aliases: {auto: auto_route}
`;

/** What goes to standard error meanwhile. */
function toldBy(load: (path: string) => unknown): string {
  const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  load(file);
  const told = write.mock.calls.map(([text]) => String(text)).join("");
  write.mockRestore();
  return told;
}

describe("what loads gateway.yaml for a command", () => {
  it("tells warnings once, where a sidecar that is started tells them by itself too", () => {
    writeFileSync(file, TEXT);
    expect(toldBy(loadPolicyOrFail)).toContain("warning: routing.aliases.auto: found no model_list entry");
    expect(toldBy(loadUntoldOrFail)).toBe("");
  });

  it("tells all problems of a file, both ways", () => {
    writeFileSync(file, TEXT.replace("fallback_tier: all", "fallback_tier: al"));
    for (const load of [loadPolicyOrFail, loadUntoldOrFail]) {
      expect(() => load(file)).toThrow(/Cannot load .*\n.*routing\.fallback_tier/);
    }
  });
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { watchModelList } from "../../../src/cli/up/model-list-watch.ts";
import { POLICY, policyOf } from "../../support/sidecar-app.ts";
import { until } from "../../support/until.ts";

let folder: string;
let gatewayFile: string;
let changes: number;
let starts: boolean;
let end: () => void;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "signalbox-list-"));
  gatewayFile = join(folder, "gateway.yaml");
  writeFileSync(gatewayFile, POLICY);
  changes = 0;
  starts = true;
  end = watchModelList({
    gatewayFile,
    env: {},
    revision: policyOf(POLICY).modelListRevision,
    onChange: async () => {
      changes += 1;
      return starts;
    },
    intervalMs: 20,
  });
});

afterEach(() => {
  end();
  rmSync(folder, { recursive: true });
});

/** Time in which a change would surely be seen and checked. */
const seen = () => sleep(2_500);

describe("watchModelList()", () => {
  it("tells of a changed list, not of a change elsewhere nor of a file with an error", async () => {
    writeFileSync(gatewayFile, `# a comment\n${POLICY.replace("[0, 65]", "[0, 50]").replace("[66", "[51")}`);
    await seen();
    writeFileSync(gatewayFile, POLICY.replace("openai/large", "openai/larger").replace("simple:", "s:"));
    await seen();
    expect(changes).toBe(0);
    writeFileSync(gatewayFile, POLICY.replace("openai/large", "openai/larger"));
    await until(() => changes === 1);
    writeFileSync(gatewayFile, POLICY);
    await until(() => changes === 2);
  });
  it("tells of a list once more with each further file, as long as LiteLLM did not start with it", async () => {
    const other = POLICY.replace("openai/large", "openai/larger");
    starts = false;
    writeFileSync(gatewayFile, other);
    await until(() => changes === 1);
    starts = true;
    writeFileSync(gatewayFile, `${other}# mended elsewhere\n`);
    await until(() => changes === 2);
    writeFileSync(gatewayFile, `${other}# a comment\n`);
    await seen();
    expect(changes).toBe(2);
  });
});

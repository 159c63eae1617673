import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { auroc } from "../../bench/auroc.ts";
import { seedStaticScore } from "../../bench/seed-static.ts";
import { readTierLabels, staticScore, tierOf } from "../../bench/tier-labels.ts";

const own = z
  .array(z.object({ lang: z.string(), tier: z.enum(["simple", "medium", "complex"]), prompt: z.string() }))
  .parse(parse(readFileSync(new URL("./prompts.yaml", import.meta.url), "utf8")));

/** The labelled data set may lie beside a checkout; it is read there and never copied. */
const dataDir = process.env.SIGNALBOX_DATA_DIR ?? join(import.meta.dirname, "../../../shared/data");
const labelsFile = join(dataDir, "tier-labels-dev.jsonl.gz");

const MIN_SHARE = 0.1;

function shares(prompts: readonly string[]): number[] {
  const tiers = prompts.map((prompt) => tierOf(staticScore(prompt)));
  return ["simple", "medium", "complex"].map((tier) => tiers.filter((t) => t === tier).length / tiers.length);
}

function aurocs(prompts: readonly string[], labels: readonly boolean[]) {
  return {
    ours: auroc(prompts.map(staticScore), labels),
    length: auroc(
      prompts.map((prompt) => prompt.length),
      labels,
    ),
    seed: auroc(prompts.map(seedStaticScore), labels),
  };
}

describe("the static classifier on prompts of our own", () => {
  const prompts = own.map(({ prompt }) => prompt);

  test("covers at least 12 languages and 60 prompts", () => {
    expect(new Set(own.map(({ lang }) => lang)).size).toBeGreaterThanOrEqual(12);
    expect(own.length).toBeGreaterThanOrEqual(60);
  });

  test("gives each tier its share", () => {
    expect(Math.min(...shares(prompts))).toBeGreaterThanOrEqual(MIN_SHARE);
  });

  test("parts simple prompts from others better than length and the seed's formula", () => {
    const { ours, length, seed } = aurocs(
      prompts,
      own.map(({ tier }) => tier !== "simple"),
    );
    expect(ours).toBeGreaterThan(0.95);
    expect(ours).toBeGreaterThan(length + 0.03);
    expect(ours).toBeGreaterThan(seed + 0.1);
  });

  test.each(own)("calls $tier: $prompt", ({ tier, prompt }) => {
    expect(tierOf(staticScore(prompt))).toBe(tier);
  });
});

describe.runIf(existsSync(labelsFile))("the static classifier on labelled prompts", () => {
  const rows = existsSync(labelsFile) ? readTierLabels(labelsFile) : [];
  const prompts = rows.map(({ prompt }) => prompt);

  test("gives each tier its share", () => {
    expect(Math.min(...shares(prompts))).toBeGreaterThanOrEqual(MIN_SHARE);
  });

  test.each(["train", "dev"])("parts at least MEDIUM from SIMPLE on the %s split", (split) => {
    const chosen = rows.filter((row) => row.split === split);
    const { ours, length, seed } = aurocs(
      chosen.map(({ prompt }) => prompt),
      chosen.map(({ tier }) => tier !== "SIMPLE"),
    );
    expect(ours).toBeGreaterThan(length + 0.03);
    expect(ours).toBeGreaterThan(seed + 0.1);
  });
});

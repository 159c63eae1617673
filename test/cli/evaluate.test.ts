import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeArtifact } from "../../src/classify/ml/write-artifact.ts";
import { tinyArtifact } from "../classify/ml/tiny-artifact.ts";
import { runCli } from "../support/run-cli.ts";
import { POLICY } from "../support/sidecar-app.ts";

const folder = mkdtempSync(join(tmpdir(), "signalbox-evaluate-"));
const env = { SIGNALBOX_CONFIG: join(folder, "gateway.yaml"), SIGNALBOX_STATE_DIR: join(folder, "state") };

const write = (name: string, content: string | Buffer): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

const HARD =
  "Design a fault-tolerant distributed payment system, analyze its trade-offs and prove it correct.";

/** The small model fails on every second prompt; what it is asked there looks hard. */
const LINES = Array.from({ length: 40 }, (_, i) => ({
  id: i,
  suite: i < 30 ? "office" : "shop",
  group: "g",
  prompt: i % 2 === 0 ? `Hello, what is ${i}?` : `${HARD} Case ${i}.`,
  models: { small: [i % 2 === 0 ? 1 : 0, 0.001], large: [1, 0.01], middle: [0.75, 0.005] },
}));
const DATA = LINES.map((line) => JSON.stringify(line)).join("\n");

/** Few resamples, because the figures of the tests do not depend on them. */
const evaluate = (...args: readonly string[]) => runCli(["evaluate", "--resamples", "20", ...args], { env });
const pair = ["--weak", "small", "--strong", "large"] as const;

let data = "";
beforeAll(() => {
  write("gateway.yaml", POLICY);
  data = write("outcomes.jsonl", DATA);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("signalbox evaluate", () => {
  it("measures trained classifiers as columns named like their files", async () => {
    const shipped = join(import.meta.dirname, "..", "..", "artifacts", "complexity.json");
    const args = ["--data", data, ...pair, "--artifact", shipped, "--json"];
    const { code, stdout, stderr } = await evaluate(...args);
    expect([code, stderr]).toEqual([0, ""]);
    const { scorers } = JSON.parse(stdout).comparisons[0].pooled;
    expect(scorers[0]).toMatchObject({ name: "complexity", kind: "classifier" });
    expect(scorers[0].calibration).not.toBeNull();
    expect(scorers[1]).toMatchObject({ name: "random", kind: "control" });
  });

  it("holds no order against chances: not of an artifact, nor of the policy's", async () => {
    const meaning = "no chance but an order: the higher, the more the strong model gains";
    const order = write("order.json", writeArtifact(tinyArtifact({ meaning })));
    const classifier = "{strategy: ml, ml: {artifact: order.json}}";
    const config = write("order.yaml", POLICY.replace("{strategy: static}", classifier));
    const args = ["--data", data, ...pair, "--config", config, "--strategy", "ml", "--artifact", order];
    const { code, stdout } = await evaluate(...args, "--json");
    expect(code).toBe(0);
    const { scorers } = JSON.parse(stdout).comparisons[0].pooled;
    expect(scorers.slice(0, 2)).toMatchObject([
      { name: "ml", calibration: null },
      { name: "order", calibration: null },
    ]);
  });

  it("refuses a file that is no trained classifier, by name", async () => {
    const { code, stderr } = await evaluate("--data", data, "--artifact", data);
    expect(code).toBe(2);
    expect(stderr).toContain(`Cannot load ${data}: found text that is no JSON`);
  });

  it("--help shows examples and the exit codes", async () => {
    const { code, stdout } = await runCli(["evaluate", "--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain("$ signalbox evaluate --data");
    expect(stdout).toContain("Exit codes: 0");
  });

  it("prints every figure beside the controls, pooled and for each suite", async () => {
    const { code, stdout, stderr } = await evaluate("--data", data, ...pair);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(stdout).toContain("all suites: 40 prompts");
    expect(stdout).toMatch(/ static +random +length alone +group mean +oracle\n/);
    expect(stdout).toMatch(/APGR +\.750 \[\.\d+, \.\d+\] +\.500 \[/);
    expect(stdout).toMatch(/always weak +\.500 \[.*\] +1\.000 \[/);
    expect(stdout).toMatch(/always strong +1\.000 \[.*\] +10\.000 \[/);
    expect(stdout).toMatch(/static: simple \| complex +50 % 50 % +1\.000/);
    expect(stdout).toContain("claims no probability");
    expect(stdout).toMatch(/^office +30 /m);
    expect(stdout).toMatch(/^shop +10 /m);
  });

  it("draws the turns of a conversation together, and says how many conversations there are", async () => {
    const turns = (conversation: number, turn: number) =>
      Array.from({ length: turn + 1 }, (_, at) => ({
        role: "user",
        content: `Question ${at} of ${conversation}?`,
      }));
    const lines = Array.from({ length: 200 }, (_, i) => {
      const [conversation, turn] = [i % 20, Math.floor(i / 20)];
      const models = { small: [conversation % 2, 0.001], large: [1, 0.01] };
      return { id: i, body: { messages: turns(conversation, turn) }, models };
    });
    const grown = write("grown.jsonl", lines.map((line) => JSON.stringify(line)).join("\n"));
    const { stdout } = await evaluate("--data", grown, ...pair, "--resamples", "400");
    expect(stdout).toContain("200 prompts of 20 conversations");
    expect(stdout).toContain("400 resamples of the conversations");
    // Half of 20 is known to within .22, half of 200 were to within .07.
    const [, low = "", high = ""] = /always weak +\.500 \[(\.\d+), (\.\d+)\]/.exec(stdout) ?? [];
    expect(Number(high) - Number(low)).toBeGreaterThan(0.3);
  });

  it("draws lines of the same prompt together: each is no further evidence", async () => {
    const lines = Array.from({ length: 200 }, (_, i) => {
      const models = { small: [i % 2, 0.001], large: [1, 0.01] };
      return { id: i, prompt: `Question ${i % 20}?`, models };
    });
    const repeated = write("repeated.jsonl", lines.map((line) => JSON.stringify(line)).join("\n"));
    const { stdout } = await evaluate("--data", repeated, ...pair, "--resamples", "400");
    expect(stdout).toContain("200 prompts of 20 conversations");
    const [, low = "", high = ""] = /always weak +\.500 \[(\.\d+), (\.\d+)\]/.exec(stdout) ?? [];
    expect(Number(high) - Number(low)).toBeGreaterThan(0.3);
  });

  it("prints the same from gzip, as JSON, again and again", async () => {
    const zipped = write("outcomes.jsonl.gz", gzipSync(DATA));
    const [plain, gzip] = await Promise.all(
      [data, zipped].map((path) => evaluate("--data", path, ...pair, "--json")),
    );
    expect(gzip).toEqual(plain);
    const report = JSON.parse(plain?.stdout ?? "");
    expect(report).toMatchObject({ version: 1, resamples: 20, prompts: 40 });
    expect(report.comparisons[0]).toMatchObject({ name: "small < large", leftOut: [] });
    expect(report.comparisons[0].pooled.scorers[0]).toMatchObject({
      name: "static",
      kind: "classifier",
      apgr: { value: 0.75 },
      operatingPoints: [{ name: "simple | complex", lift: { value: 0.25 } }],
      calibration: null,
    });
  });

  it("lets the weak third compete with the strong third by itself", async () => {
    const { stdout } = await evaluate("--data", data);
    expect(stdout).toContain("1. small\n");
    expect(stdout).toContain("2. large");
  });

  it("measures several pairs", async () => {
    const { stdout } = await evaluate("--data", data, "--pairs", "small,large", "small,middle");
    expect(stdout).toContain("=== small < large");
    expect(stdout).toContain("=== small < middle");
  });

  it("takes what `signalbox score` writes as a column", async () => {
    const scores = join(folder, "mine.jsonl");
    expect(await runCli(["score", "--in", data, "--out", scores], { env })).toMatchObject({ code: 0 });
    const { code, stdout } = await evaluate(
      "--data",
      data,
      ...pair,
      "--scores",
      scores,
      "--chance",
      "--json",
    );
    expect(code).toBe(0);
    const [ours, theirs] = JSON.parse(stdout).comparisons[0].pooled.scorers;
    expect(theirs).toEqual({ ...ours, name: "mine", calibration: expect.anything() });
    expect(theirs.calibration.error.value).toBeGreaterThan(0);
  });

  it("scores bodies of requests as `signalbox score` does", async () => {
    const loop = [
      {
        role: "assistant",
        content: null,
        tool_calls: [{ id: "1", type: "function", function: { name: "read", arguments: "{}" } }],
      },
      { role: "tool", tool_call_id: "1", content: "Error: no such file or directory. ".repeat(300) },
    ];
    const replies = [
      { role: "assistant", content: "First the lemma. Shall I go on?" },
      { role: "user", content: "yes, go on" },
    ];
    const lines = LINES.map(({ prompt, ...line }, i) => {
      const ask = { role: "user", content: prompt };
      return { ...line, body: { messages: [ask, ...(i % 4 < 2 ? replies : loop)] } };
    });
    const bodies = write("bodies.jsonl", lines.map((line) => JSON.stringify(line)).join("\n"));
    const scores = join(folder, "bodies-scored.jsonl");
    for (const strategy of ["static", "ml"]) {
      const scored = await runCli(["score", "--in", bodies, "--strategy", strategy, "--out", scores], {
        env,
      });
      expect(scored).toMatchObject({ code: 0 });
      const args = [
        "--data",
        bodies,
        ...pair,
        "--strategy",
        strategy,
        "--scores",
        scores,
        "--chance",
        "--json",
      ];
      const { code, stdout } = await evaluate(...args);
      expect(code).toBe(0);
      const [ours, theirs] = JSON.parse(stdout).comparisons[0].pooled.scorers;
      expect(theirs).toEqual({ ...ours, name: "bodies-scored", calibration: theirs.calibration });
    }
  });

  describe("serves each prompt from the tier that the policy would", () => {
    const turn = (role: string, content: string) => ({ role, content });
    const easy = "What is the capital of France?";
    const answered = [turn("user", easy), turn("assistant", "Paris.")];
    const asks = {
      "an easy one": [turn("user", easy)],
      "one whose author asks for more": [turn("user", `${easy} Think harder.`)],
      "more for the turn before": [...answered, turn("user", "think harder")],
      "a hard turn before": [
        turn("user", HARD),
        turn("assistant", "It needs consensus."),
        turn("user", easy),
      ],
    };
    const report = async (ask: keyof typeof asks, ...args: readonly string[]) => {
      const lines = [0, 1].map((id) => {
        return { id, body: { messages: asks[ask] }, models: { small: [0.5, 0.001], large: [1, 0.01] } };
      });
      const bodies = write("asks.jsonl", lines.map((line) => JSON.stringify(line)).join("\n"));
      const { code, stdout } = await evaluate("--data", bodies, ...pair, "--json", ...args);
      expect(code).toBe(0);
      return { bodies, pooled: JSON.parse(stdout).comparisons[0].pooled };
    };

    it.each([
      { ask: "an easy one", strong: 0 },
      { ask: "one whose author asks for more", strong: 1 },
      { ask: "more for the turn before", strong: 1 },
      { ask: "a hard turn before", strong: 1 },
    ] as const)("$ask: $strong", async ({ ask, strong }) => {
      const { bodies, pooled } = await report(ask);
      expect(pooled.scorers[0].operatingPoints[0].shares).toEqual([1 - strong, strong]);
      const scored = await runCli(["score", "--in", bodies], { env });
      expect(JSON.parse(scored.stdout.split("\n")[0] ?? "").tier).toBe(strong === 1 ? "complex" : "simple");
    });

    it("raises by words what a file scored, which knows no turn before", async () => {
      const low = write("low.jsonl", '{"id":0,"score":1}\n{"id":1,"score":2}\n');
      const sharesOf = async (ask: keyof typeof asks) =>
        (await report(ask, "--scores", low)).pooled.scorers[1].operatingPoints[0].shares;
      expect(await sharesOf("one whose author asks for more")).toEqual([0, 1]);
      expect(await sharesOf("a hard turn before")).toEqual([1, 0]);
    });
  });

  it("leaves out prompts that a file has no score for, says so and exits with 1", async () => {
    const some = write("some.jsonl", '{"id":0,"score":1}\n{"id":"1","score":2}\n{"id":2}\n');
    const { code, stdout, stderr } = await evaluate("--data", data, ...pair, "--scores", some);
    expect(code).toBe(1);
    expect(stdout).toContain("office: 2 prompts");
    expect(stderr).toMatch(/some\.jsonl line 3: score: /);
    expect(stderr).toContain("38 prompts without a score");
  });

  it("reports a bad line with its number, goes on and exits with 1", async () => {
    const bad = write("bad.jsonl", `\uFEFF${DATA}\n\n{"id": 1}\nnot JSON\n`);
    const { code, stdout, stderr } = await evaluate("--data", bad, ...pair);
    expect(code).toBe(1);
    expect(stdout).toContain("all suites: 40 prompts");
    expect(stderr).toMatch(/bad\.jsonl line 42: models: /);
    expect(stderr).toMatch(/bad\.jsonl line 43: found text that is no JSON/);
    expect(stderr).toContain("2 lines could not be read");
  });
});

describe("signalbox evaluate, misused", () => {
  it.each([
    ["without --data", [], "--data"],
    ["with half a pair", ["--weak", "small"], "expected --weak and --strong together"],
    ["with a pair of one", ["--pairs", "small"], "found --pairs small, expected weak,strong"],
    [
      "with a model that is not in the data",
      ["--pairs", "small,huge"],
      "found no outcome of huge, expected large, middle, small",
    ],
    ["with a classifier that does not exist", ["--strategy", "magic"], "Allowed choices"],
    ["with llm", ["--strategy", "llm"], "Cannot evaluate llm: no LLM is asked here"],
    ["with cascade, which would be ml", ["--strategy", "cascade"], "`signalbox score --strategy cascade`"],
    ["with too many resamples", ["--resamples", "10001"], "0..10000"],
  ])("exits with 2 %s", async (_, args, message) => {
    const source = message === "--data" ? [] : ["--data", data];
    const { code, stdout, stderr } = await runCli(["evaluate", ...source, ...args], { env });
    expect(stderr).toContain(message);
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });

  it("exits with 2 for a file that is not there, is no gzip, or has no usable prompt", async () => {
    const files = [join(folder, "none.jsonl"), write("no.gz", "plain"), write("empty.jsonl", "")];
    const runs = await Promise.all(files.map((path) => evaluate("--data", path)));
    expect(runs.map(({ code }) => code)).toEqual([2, 2, 2]);
    expect(runs[0]?.stderr).toContain("Cannot read");
    expect(runs[1]?.stderr).toMatch(/Cannot read .*no\.gz: incorrect header check/);
    expect(runs[2]?.stderr).toContain("found no scored prompt");
  });
});

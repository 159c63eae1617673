import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createStaticClassifier } from "../../src/classify/static.ts";
import { STATIC_DEFAULTS } from "../../src/classify/static-defaults.ts";
import { read } from "../request/read.ts";
import { MOST_TIMES, timesOfTenths } from "../support/cpu-time.ts";
import { classifierWith, scoreBody, scorePrompt, signal } from "./score.ts";

/** The settings that BSGateway ships, six weights and English words. */
const SEED_CONFIG = {
  weights: { ...STATIC_DEFAULTS.weights },
  complexKeywords: [
    "architect",
    "design system",
    "trade-off",
    "refactor",
    "implement",
    "function",
    "build",
    "create",
  ],
  simpleKeywords: ["hello", "hi", "thanks", "what is", "how to", "explain"],
};

describe("createStaticClassifier() explains its score", () => {
  const prompt = "Design a fault-tolerant queue, then prove that no message is lost, doubled or reordered";

  test("by seven signals and a calibration that add up to it", () => {
    const verdict = scorePrompt(prompt);
    expect(
      verdict
        .signals()
        .slice(0, 8)
        .map(({ name }) => name),
    ).toEqual([
      "token_count",
      "system_prompt",
      "keyword_patterns",
      "conversation_length",
      "code_complexity",
      "tool_usage",
      "reasoning",
      "calibration",
    ]);
    const sum = verdict.signals().reduce((total, { contribution }) => total + contribution, 0);
    expect(sum).toBeCloseTo(verdict.score, 6);
    const shares = verdict.signals().reduce((total, { weight }) => total + weight, 0);
    expect(shares).toBeCloseTo(1, 1);
    expect(verdict).toMatchObject({ strategy: "static", confidence: null });
  });

  test("naming the words that it found and none other of the request", () => {
    const verdict = scorePrompt(`${prompt}. My codeword is xylophone.`);
    expect(signal(verdict, "reasoning").found).toContain("proof: prove; design: design, fault-tolerant");
    expect(signal(verdict, "keyword_patterns").found).toContain("1 complex keyword: fault-tolerant");
    expect(JSON.stringify(verdict)).not.toContain("xylophone");
  });

  test("with a floor as its own signal", () => {
    const classify = classifierWith({ complexKeywords: ["zebra", "okapi", "tapir"] });
    const verdict = scorePrompt("zebra, okapi and tapir", classify);
    expect(verdict.score).toBe(70);
    expect(signal(verdict, "floor:keyword_patterns")).toMatchObject({ raw: 80, weight: 0 });
    const before = verdict
      .signals()
      .slice(0, -1)
      .reduce((total, { contribution }) => total + contribution, 0);
    expect(before + signal(verdict, "floor:keyword_patterns").contribution).toBeCloseTo(70, 6);
  });
});

describe("createStaticClassifier() takes its settings", () => {
  test("a floor of one's own", () => {
    const classify = classifierWith({ floors: [{ signal: "reasoning", atLeast: 85, score: 99 }] });
    expect(scorePrompt("Prove it", classify).score).toBe(99);
    expect(scorePrompt("Compare them", classify).score).toBeLessThan(66);
  });

  test("keywords of one's own in place of the defaults", () => {
    const classify = classifierWith({ complexKeywords: ["quarterly report"], simpleKeywords: ["lunch"] });
    expect(signal(scorePrompt("the  Quarterly\nREPORT", classify), "keyword_patterns").raw).toBe(60);
    expect(signal(scorePrompt("lunch?", classify), "keyword_patterns").raw).toBe(12);
    expect(signal(scorePrompt("refactor", classify), "keyword_patterns").raw).toBe(30);
  });

  test("a weight of one signal alone", () => {
    const none = {
      tokenCount: 0,
      systemPrompt: 0,
      keywordPatterns: 0,
      conversationLength: 0,
      codeComplexity: 0,
      toolUsage: 0,
    };
    const classify = classifierWith({ weights: { ...none, reasoning: 3 } });
    const verdict = scorePrompt("Prove the theorem", classify);
    expect(signal(verdict, "reasoning")).toMatchObject({ weight: 1, raw: 90, contribution: 90 });
    const allZero = classifierWith({ weights: { ...none, reasoning: 0 } });
    expect(scorePrompt("Prove the theorem", allZero).score).toBeGreaterThan(0);
  });

  test("a raised weight raises what it weighs", () => {
    const body = {
      messages: [{ role: "user", content: "go on with the list" }],
      functions: [{ name: "a" }, { name: "b" }],
    };
    const heavy = classifierWith({ weights: { ...STATIC_DEFAULTS.weights, toolUsage: 2 } });
    expect(scoreBody(body, heavy).score).toBeGreaterThan(scoreBody(body).score);
  });

  test("a config of the seed keeps its sense, with whole words", () => {
    const classify = classifierWith(SEED_CONFIG);
    expect(scorePrompt("hello", classify).score).toBeLessThan(31);
    expect(scorePrompt("Implement quicksort in Python", classify).score).toBeGreaterThanOrEqual(45);
    expect(signal(scorePrompt("What is this?", classify), "keyword_patterns").found).toContain(
      "1 simple keyword: what is",
    );
  });
});

describe("createStaticClassifier() reads", () => {
  test("the turn that it is given, not those before it", () => {
    const turns = ["Prove that the scheduler has no deadlock", "thanks"];
    const messages = turns.map((content) => ({ role: "user", content }));
    const later = scoreBody({ messages });
    expect(signal(later, "reasoning")).toMatchObject({ raw: 0, found: "greeting: thanks" });
    expect(signal(later, "conversation_length")).toMatchObject({ raw: 30, found: "2 human turns" });
  });

  test("no harness text and no tool result", () => {
    const content = [
      { type: "tool_result", content: "architecture refactor prove theorem" },
      { type: "text", text: "<system-reminder>refactor the architecture, prove it</system-reminder>thanks" },
    ];
    const verdict = scoreBody({ system: "", messages: [{ role: "user", content }] });
    expect(verdict.score).toBe(scorePrompt("thanks").score);
  });

  test("the system text, also as a list of blocks", () => {
    const messages = [{ role: "user", content: "go on with the list" }];
    const system = [
      { type: "text", text: "Review the plan." },
      { type: "text", text: `Security first.${" ".repeat(500)}` },
    ];
    expect(signal(scoreBody({ system, messages }), "system_prompt")).toMatchObject({
      raw: 45 + 10,
      found: "532 characters: review, plan, security",
    });
  });

  test("each system text by its own words, whichever came between", () => {
    const messages = [{ role: "user", content: "go on with the list" }];
    const words = ["review", "plan", "design", "security"];
    // More texts than are remembered, and each of them twice.
    const texts = Array.from({ length: 300 }, (_, at) => `${words[at % words.length]} of application ${at}`);
    for (const [at, system] of [...texts, ...texts.toReversed(), ...texts].entries()) {
      const { found } = signal(scoreBody({ system, messages }), "system_prompt");
      expect(found, `text ${at}`).toBe(`${system.length} characters: ${system.split(" ")[0]}`);
    }
  });

  test("tools from the facts", () => {
    const messages = [{ role: "user", content: "hello" }];
    const tools = (n: number) =>
      Array.from({ length: n }, (_, i) => ({ type: "function", function: { name: `f${i}` } }));
    const raws = [0, 1, 3, 40].map((n) => signal(scoreBody({ messages, tools: tools(n) }), "tool_usage").raw);
    expect(raws).toEqual([0, 40, 60, 80]);
  });

  test("how many turns the human has written", () => {
    const raws = [1, 2, 3, 4, 5, 6, 60].map((n) => {
      const messages = Array.from({ length: n }, () => ({ role: "user", content: "more" }));
      return signal(scoreBody({ messages }), "conversation_length").raw;
    });
    expect(raws).toEqual([10, 30, 30, 50, 50, 70, 70]);
  });

  test("the length before a cut", () => {
    const uncut = scoreBody({ messages: [{ role: "user", content: "word ".repeat(100) }] });
    const cut = scoreBody({ messages: [{ role: "user", content: "word ".repeat(100), chars: 50_000 }] });
    expect(signal(cut, "token_count").raw).toBeGreaterThan(60);
    expect(signal(uncut, "token_count").raw).toBeLessThan(35);
  });

  test("a question for a fact as one, whatever its noun", () => {
    expect(scorePrompt("What is a distributed system architecture?").score).toBeLessThan(66);
    expect(scorePrompt("What is a proof of work?").score).toBeLessThan(31);
    expect(scorePrompt("Hi! Prove that the square root of 7 is irrational").score).toBeGreaterThanOrEqual(66);
  });
});

describe("createStaticClassifier() is total", () => {
  const weight = fc.double({ min: 0, max: 1e6, noNaN: true });
  const weights = fc.record({
    tokenCount: weight,
    systemPrompt: weight,
    keywordPatterns: weight,
    conversationLength: weight,
    codeComplexity: weight,
    toolUsage: weight,
    reasoning: weight,
  });
  const piece = fc.constantFrom(
    "prove ",
    "```",
    "\n",
    "设计",
    "def f():\n",
    "hello ",
    "Error:",
    ", ",
    "\ud800",
    "<",
    "  ",
  );
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(piece, { maxLength: 200 }).map((all) => all.join("")),
  );

  test("scores any text and system text in 0..100, twice alike, and adds up", () => {
    fc.assert(
      fc.property(text, text, weights, (content, system, chosen) => {
        const classify = classifierWith({ weights: chosen });
        const body = { system, messages: [{ role: "user", content }] };
        const verdict = scoreBody(body, classify);
        expect(verdict.score).toBeGreaterThanOrEqual(0);
        expect(verdict.score).toBeLessThanOrEqual(100);
        const again = scoreBody(body, classify);
        expect([again.score, again.signals()]).toEqual([verdict.score, verdict.signals()]);
        const sum = verdict.signals().reduce((total, { contribution }) => total + contribution, 0);
        expect(sum).toBeCloseTo(verdict.score, 6);
      }),
      { numRuns: 100 },
    );
  });

  test("with keywords of any form", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary" })), text, (complexKeywords, content) => {
        const classify = classifierWith({ complexKeywords: [...complexKeywords, "*", "", "a*b"] });
        expect(scorePrompt(content, classify).score).toBeLessThanOrEqual(100);
      }),
      { numRuns: 100 },
    );
  });

  const classify = createStaticClassifier(STATIC_DEFAULTS);
  const request = read({});
  test.each([
    "a",
    " ",
    "[",
    "```",
    "```\n",
    "\n",
    "what ",
    "what is     ",
    "设",
    "def f;\n",
    ",",
    "9 ",
    "<",
    "prove that ",
  ])("takes linear time on many %j", (unit) => {
    const classifyText = (text: string) => classify(request, { text, chars: text.length });
    expect(timesOfTenths(unit, 1_000_000, classifyText)).toBeLessThan(MOST_TIMES);
  });
});

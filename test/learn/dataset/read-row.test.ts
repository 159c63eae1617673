import { describe, expect, it } from "vitest";
import { FEATURE_NAMES, FEATURE_VERSION } from "../../../src/classify/features/feature-list.ts";
import type { LogRecord } from "../../../src/learn/dataset/log-record.ts";
import { logRow, outcomeRow } from "../../../src/learn/dataset/read-row.ts";
import { classifierWith } from "../../classify/score.ts";
import { POLICY, policyOf } from "../../support/sidecar-app.ts";

const at = (name: string) => FEATURE_NAMES.indexOf(name);
const TEXT =
  "Which rivers flow through the capital of Austria, where do they begin, and where do they all end, in order?";

/** A logged decision whose request had tools and a long text around what was stored. */
function record(changes: Partial<LogRecord> = {}): LogRecord {
  const numbers = new Float32Array(FEATURE_NAMES.length).fill(7);
  return {
    id: "01890a5d-ac96-774b-bcce-b302099a8057",
    conversationId: null,
    turn: 1,
    keyHash: null,
    userText: TEXT,
    features: { version: FEATURE_VERSION, numbers },
    outcomes: new Map(),
    needs: [],
    unknownTier: null,
    ...changes,
  };
}

const read = (changes?: Partial<LogRecord>) => logRow(record(changes), classifierWith({}));

describe("logRow()", () => {
  it("reads the parts of the stored text within the request that was logged", () => {
    const parts = read()?.parts ?? [];
    expect(parts).toHaveLength(2);
    for (const { numbers, words } of parts) {
      expect(words.length).toBeGreaterThan(1);
      expect(numbers[at("words")]).toBe(words.length);
      expect(numbers[at("tools")]).toBe(7);
      expect(numbers[at("tool_schema_chars")]).toBe(7);
      expect(numbers[at("tool_words_0")]).toBe(7);
      expect(numbers[at("life_sciences_word_share")]).toBe(0);
    }
  });

  it("has no parts of a text that was not stored", () => {
    expect(read({ userText: null })?.parts).toEqual([]);
  });
});

describe("outcomeRow()", () => {
  const reading = { keywords: classifierWith({}), policy: policyOf(POLICY) };
  const conversationOf = (id: string, ...asks: readonly string[]) => {
    const messages = asks.flatMap((content) => [
      { role: "user", content },
      { role: "assistant", content: "Done." },
    ]);
    const line = { id, suite: "s", group: "g", prompt: "", body: { messages }, models: new Map() };
    return outcomeRow(line, reading)?.conversation;
  };

  it("knows lines of one conversation, as it grew, by its first turn", () => {
    const first = conversationOf("1", TEXT);
    expect(conversationOf("2", TEXT, "And which of them is the longest?")).toBe(first);
    expect(conversationOf("3", `${TEXT} In one word.`)).not.toBe(first);
  });
});

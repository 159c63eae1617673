import { describe, expect, test } from "vitest";
import { labelNearDuplicates } from "../../../scripts/train/near-duplicates.ts";

const WORDING = "Print only a single choice from A or B without explanation.";

describe("labelNearDuplicates()", () => {
  test("labels alike what has the same words, whatever stands between them", () => {
    const [one, other, third] = labelNearDuplicates([
      "Who wrote Faust?",
      "who wrote: FAUST",
      "Who wrote Hamlet?",
    ]);
    expect(other).toBe(one);
    expect(third).not.toBe(one);
  });

  test("labels alike what shares eight words in a row, over several steps too", () => {
    const words = Array.from({ length: 30 }, (_, at) => `word${at}`);
    const labels = labelNearDuplicates([
      words.slice(0, 12).join(" "),
      `Question: ${words.slice(4, 24).join(", ")}?`,
      words.slice(15).join(" "),
      words.slice(0, 7).join(" "),
    ]);
    expect(new Set(labels.slice(0, 3)).size).toBe(1);
    expect(labels[3]).not.toBe(labels[0]);
  });

  test("parts what shares the wording of a suite alone", () => {
    const questions = ["Rome", "Oslo", "Bern", "Kyiv", "Lima", "Doha", "Riga"];
    const labels = labelNearDuplicates(questions.map((city) => `Is ${city} a capital? ${WORDING}`));
    expect(new Set(labels).size).toBe(questions.length);
  });
});

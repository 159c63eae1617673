import { CATEGORIES, type Category } from "../../src/classify/category/categories.ts";
import { categoryOf } from "../../src/classify/category/category.ts";
import { languageOf } from "../../src/classify/language.ts";
import { parseEnvelope } from "../../src/request/envelope.ts";
import { readRequest } from "../../src/request/read-request.ts";
import type { Table } from "../table.ts";
import { type DataPrompt, readPrompts } from "./data.ts";
import type { Part, PartOptions } from "./part.ts";
import { showShare } from "./share.ts";

/** Which of our categories a label of a set stands for; several where it covers more than one. Other labels tell no kind of work. */
const MEANINGS: Readonly<Record<string, Readonly<Record<string, readonly Category[]>>>> = {
  "tier-labels": {
    "factual-qa": ["question_answering"],
    explanation: ["question_answering"],
    definition: ["question_answering"],
    "system-design": ["code"],
    architecture: ["code"],
    infrastructure: ["code"],
    migration: ["code"],
    "ml-pipeline": ["code"],
    performance: ["code"],
    "security-analysis": ["code"],
    "complex-code": ["code"],
    "simple-code": ["code"],
    "code-review": ["code"],
    debugging: ["code"],
    testing: ["code"],
    "code-snippet-qa": ["code"],
    "edge-short": ["code"],
    "formal-proof": ["math", "reasoning"],
    "math-derivation": ["math"],
    "math-word-problem": ["math"],
    "algorithm-proof": ["math", "reasoning"],
    "game-theory": ["reasoning", "math"],
    "formal-logic": ["reasoning", "math"],
    "logic-puzzle": ["reasoning", "math"],
    comparison: ["research"],
    summary: ["writing"],
    brainstorming: ["writing"],
    rewrite: ["writing"],
    creative: ["writing"],
    documentation: ["writing", "code"],
    greeting: ["conversation"],
    translation: ["translation"],
    "agentic-task": ["agentic"],
    extraction: ["extraction"],
    classification: ["extraction"],
    "structured-output": ["extraction", "code"],
    "data-analysis": ["code", "research"],
  },
  "arena-hard-v2.0": {
    coding: ["code"],
    creative_writing: ["writing", "conversation"],
    math: ["math", "reasoning"],
  },
  humaneval: { code: ["code"] },
  alignbench: {
    角色扮演: ["conversation", "writing"],
    数学计算: ["math"],
    逻辑推理: ["reasoning", "math"],
    文本写作: ["writing"],
    综合问答: ["question_answering", "research"],
  },
  "vicuna-bench": {
    generic: ["question_answering"],
    knowledge: ["question_answering"],
    roleplay: ["conversation"],
    "common-sense": ["reasoning", "question_answering"],
    fermi: ["math", "reasoning"],
    counterfactual: ["reasoning", "research"],
    coding: ["code"],
    math: ["math"],
    writing: ["writing"],
  },
};

interface Told {
  /** The set, without its split. */
  readonly family: string;
  readonly set: string;
  readonly label: string;
  readonly meanings: readonly Category[];
  readonly told: Category;
}

/** How often the kind of work and the language of a prompt are told as its set tells them. */
export async function benchCategories({ data }: PartOptions): Promise<Part> {
  const prompts = readPrompts(data);
  const told = prompts.flatMap(tell);
  return {
    title: "Categories and languages",
    text: TEXT,
    tables: [
      { caption: "Category told as the set tells it:", table: accuracyTable(told, ({ set }) => set) },
      {
        caption:
          "By the category that a label stands for (the first where it stands for several), and what was told instead:",
        table: confusionTable(told),
      },
      {
        caption: `Labels of ${OFTEN} prompts or more:`,
        table: accuracyTable(often(told), ({ family, label }) => `${family}: ${label}`),
      },
      { caption: "Language told as the set tells it:", table: languageTable(prompts) },
    ],
  };
}

const TEXT = `The categories of the sets are not ours; \`bench/quality/categories.ts\` says which of ours each stands for, and prompts whose label tells a subject
or a format and no kind of work are left out. The words were chosen with the \`train\` split of the tier labels and every second prompt
of the other sets in sight; \`tier-labels dev\` and what is marked *unseen* were not looked at for that.`;

function tell(row: DataPrompt, at: number): Told[] {
  const family = row.set.split(" ")[0] ?? "";
  const meanings = MEANINGS[family]?.[row.category ?? ""];
  const parsed = parseEnvelope({ body: { messages: [{ role: "user", content: row.prompt }] } });
  if (meanings === undefined || row.category === null || !parsed.ok) return [];
  const request = readRequest(parsed.envelope);
  const turn = request.turns[0];
  if (turn === undefined) return [];
  const set = family === "tier-labels" ? row.set : `${row.set}${at % 2 === 1 ? "" : ", unseen"}`;
  return [{ family, set, label: row.category, meanings, told: categoryOf(request, turn) }];
}

function isRight({ meanings, told }: Told): boolean {
  return meanings.includes(told);
}

function accuracyTable(told: readonly Told[], keyOf: (one: Told) => string): Table {
  const groups = [...Map.groupBy(told, keyOf)];
  return {
    columns: ["", "prompts", "right"],
    rows: groups.map(([key, members]) => [
      key,
      String(members.length),
      showShare({ count: members.filter(isRight).length, of: members.length }),
    ]),
  };
}

/** Prompts whose label is on at least so many. */
const OFTEN = 20;

function often(told: readonly Told[]): Told[] {
  const groups = Map.groupBy(told, ({ family, label }) => `${family} ${label}`);
  return [...groups.values()].filter(({ length }) => length >= OFTEN).flat();
}

function confusionTable(told: readonly Told[]): Table {
  return {
    columns: ["", "prompts", "right", ...CATEGORIES],
    rows: CATEGORIES.map((category) => {
      const members = told.filter(({ meanings }) => meanings[0] === category);
      const counts = CATEGORIES.map((other) => members.filter((one) => one.told === other).length);
      const right = showShare({ count: members.filter(isRight).length, of: members.length });
      return [category, String(members.length), right, ...counts.map(String)];
    }),
  };
}

function languageTable(prompts: readonly DataPrompt[]): Table {
  const labelled = prompts.filter(({ lang }) => lang !== null && lang !== "mixed");
  const groups = Map.groupBy(labelled, ({ lang }) => lang ?? "");
  return {
    columns: ["", "prompts", "right"],
    rows: [...groups]
      .filter(([, { length }]) => length >= OFTEN)
      .map(([lang, members]) => [
        lang,
        String(members.length),
        showShare({
          count: members.filter(({ prompt }) => languageOf(prompt) === lang).length,
          of: members.length,
        }),
      ]),
  };
}

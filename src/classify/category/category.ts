import type { HumanTurn, RouteRequest } from "../../request/route-request.ts";
import { readCode } from "../code-signals.ts";
import { createUnitReader } from "../code-units.ts";
import { withoutCourtesies } from "../courtesy.ts";
import { readStructure } from "../structure.ts";
import { compileVocabulary, type Entry, type Found } from "../vocabulary.ts";
import { CATEGORIES, type Category } from "./categories.ts";
import { AGENTIC_WORDS } from "./words/agentic.ts";
import type { CategoryWords } from "./words/category-words.ts";
import { CODE_WORDS } from "./words/code.ts";
import { CONVERSATION_WORDS } from "./words/conversation.ts";
import { EXTRACTION_WORDS } from "./words/extraction.ts";
import { MATH_WORDS } from "./words/math.ts";
import { QUESTION_WORDS } from "./words/question-answering.ts";
import { REASONING_WORDS } from "./words/reasoning.ts";
import { RESEARCH_WORDS } from "./words/research.ts";
import { TRANSLATION_WORDS } from "./words/translation.ts";
import { WRITING_WORDS } from "./words/writing.ts";

const WORDS: Readonly<Record<Category, CategoryWords>> = {
  code: CODE_WORDS,
  math: MATH_WORDS,
  reasoning: REASONING_WORDS,
  research: RESEARCH_WORDS,
  writing: WRITING_WORDS,
  extraction: EXTRACTION_WORDS,
  translation: TRANSLATION_WORDS,
  question_answering: QUESTION_WORDS,
  conversation: CONVERSATION_WORDS,
  agentic: AGENTIC_WORDS,
};

/** What nothing points to is read as a question. */
const DEFAULT: Category = "question_answering";

/** UTF-16 code units that are read: what is asked for stands at the beginning or at the end, whatever is pasted between. */
const HEAD_READ = 500;
const TAIL_READ = 200;

/** Points for the first word of a kind and for each further one, and how many of these count. */
const POINTS = {
  task: { first: 5, further: 1, most: 2 },
  topic: { first: 3, further: 1, most: 3 },
  hint: { first: 0.5, further: 0.5, most: 3 },
} as const satisfies Record<keyof CategoryWords, unknown>;

/** What is asked for first is more often the task than what follows. */
const FIRST_TASK_POINTS = 1.5;

/** Points for what is no word: it lends weight, and decides where no task is named. */
const MARK_POINTS = { codeBlock: 5, errorTrace: 3, codeMarks: 3, mathsMarks: 2, numbers: 1, tools: 1 };

/** More numbers than a date or a list has. */
const MANY_NUMBERS = 2;

/** Marks that prose hardly has, and the share of them from which on a text is full of code. */
const CODE_MARKS = new Uint8Array(0x10000);
for (const mark of '{}[]<>=;_#$&|@*"/') CODE_MARKS[mark.charCodeAt(0)] = 1;
const CODE_MARK_SHARE = 0.05;
/** One mark is a large share of a short text: an equation has it. */
const FEWEST_CODE_MARKS = 2;

const KINDS = ["task", "topic", "hint"] as const;

/** A list of words: of which category, and of which kind. */
interface List {
  readonly category: Category;
  readonly kind: (typeof KINDS)[number];
}

const LISTS: ReadonlyMap<string, List> = new Map(
  CATEGORIES.flatMap((category) => KINDS.map((kind) => [`${category}:${kind}`, { category, kind }] as const)),
);

const findWords = compileVocabulary([...LISTS].flatMap(entriesOf));

type Points = Record<Category, number>;

/** The kind of work that a human turn asks for. Pure, total and bounded: 700 code units are read. */
export function categoryOf(request: RouteRequest, turn: HumanTurn): Category {
  const text = readable(withoutCourtesies(turn).text).normalize("NFC");
  const points = noPoints();
  addWords(points, findWords(text));
  addMarks(points, text);
  if (request.facts.toolNames.length > 0) points.agentic += MARK_POINTS.tools;
  return CATEGORIES.reduce((best, category) => (points[category] > points[best] ? category : best), DEFAULT);
}

function readable(text: string): string {
  if (text.length <= HEAD_READ + TAIL_READ) return text;
  return `${text.slice(0, HEAD_READ)}\n${text.slice(-TAIL_READ)}`;
}

function noPoints(): Points {
  return {
    code: 0,
    math: 0,
    reasoning: 0,
    research: 0,
    writing: 0,
    extraction: 0,
    translation: 0,
    question_answering: 0,
    conversation: 0,
    agentic: 0,
  };
}

/** The lists come in the order in which the text first mentions them. */
function addWords(points: Points, found: Found<string>): void {
  let isFirstTask = true;
  for (const [group, { length }] of found) {
    const list = LISTS.get(group);
    if (list === undefined) continue;
    const { first, further, most } = POINTS[list.kind];
    points[list.category] += first + further * Math.min(most, length - 1);
    if (list.kind !== "task" || !isFirstTask) continue;
    points[list.category] += FIRST_TASK_POINTS;
    isFirstTask = false;
  }
}

function addMarks(points: Points, text: string): void {
  const { blocks, hasErrorTrace } = readCode(text);
  const { hasMaths, numbers } = readStructure(text);
  const marks = countCodeMarks(text);
  const isFullOfMarks = marks >= FEWEST_CODE_MARKS && marks > CODE_MARK_SHARE * text.length;
  if (blocks > 0) points.code += MARK_POINTS.codeBlock;
  if (hasErrorTrace) points.code += MARK_POINTS.errorTrace;
  if (isFullOfMarks) points.code += MARK_POINTS.codeMarks;
  if (hasMaths && !isFullOfMarks) points.math += MARK_POINTS.mathsMarks;
  if (numbers > MANY_NUMBERS) points.math += MARK_POINTS.numbers;
}

const readUnits = createUnitReader();

function countCodeMarks(text: string): number {
  const units = readUnits(text);
  let count = 0;
  for (let at = 0; at < text.length; at += 1) count += CODE_MARKS[units[at] ?? 0] ?? 0;
  return count;
}

function entriesOf([group, { category, kind }]: readonly [string, List]): Entry<string>[] {
  return WORDS[category][kind].split(",").map((word) => ({ word, group }));
}

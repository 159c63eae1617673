import { cleanText } from "./clean-text.ts";
import { isObject, type JsonObject, kindOf } from "./json.ts";
import { jsonStrings } from "./json-size.ts";
import type { Notes } from "./notes.ts";
import { type Signer, signerOf } from "./signer.ts";

/** Most blocks of one content list that are looked at. */
const MAX_BLOCKS = 20_000;

/** How deep content may stand in content: a tool result with a search result with text. */
const MAX_DEPTH = 3;

/** A text of a message, with its length before the callback cut it. */
export interface TextPart {
  readonly text: string;
  readonly chars: number;
}

/** What a message's content holds. */
export interface Content {
  /** What its author wrote. */
  readonly texts: TextPart[];
  /** Tool calls, tool results, documents, thinking: text that its author quotes or does not show. */
  readonly quoted: string[];
  images: number;
  /** Characters of files in base64. */
  fileChars: number;
  hasToolResult: boolean;
  /** Vendor whose models alone can read the newest signed thinking or call of it. */
  signedBy: Signer | null;
}

/** Where in the body we are, and where to note what cannot be read. */
export interface Place {
  readonly path: string;
  readonly notes: Notes;
}

interface Step extends Place {
  readonly into: Content;
  readonly depth: number;
}

type BlockReader = (block: JsonObject, step: Step) => void;

/** What is done with each type of block, of whichever wire format. */
const blockReaders: ReadonlyMap<unknown, BlockReader> = new Map<unknown, BlockReader>([
  ["text", readText],
  ["input_text", readText],
  ["output_text", readText],
  [undefined, readText],
  ["refusal", (block, step) => readText({ text: block.refusal, chars: block.chars }, step)],
  ["image_url", countImage],
  ["image", countImage],
  ["input_image", countImage],
  ["computer_screenshot", countImage],
  ["input_audio", ignore],
  ["audio", ignore],
  ["video_url", ignore],
  ["file", (block, step) => countFile(isObject(block.file) ? block.file.file_data : null, step)],
  ["input_file", (block, step) => countFile(block.file_data, step)],
  ["container_upload", ignore],
  ["document", readDocument],
  ["search_result", (block, step) => quote(block.content, step)],
  ["tool_use", readToolCall],
  ["server_tool_use", readToolCall],
  ["mcp_tool_use", readToolCall],
  ["tool_result", readToolResult],
  ["mcp_tool_result", readToolResult],
  ["web_search_tool_result", readToolResult],
  ["web_fetch_tool_result", readToolResult],
  ["web_fetch_result", (block, step) => quote(block.content, step)],
  ["code_execution_tool_result", readToolResult],
  ["bash_code_execution_tool_result", readToolResult],
  ["code_execution_result", readPrinted],
  ["bash_code_execution_result", readPrinted],
  ["thinking", readThinking],
  ["redacted_thinking", readThinking],
]);

/**
 * Reads the content of a message: a string, a list of blocks, one block, or nothing.
 * Total: what cannot be read is left out and noted.
 */
export function readContent(content: unknown, chars: unknown, place: Place): Content {
  const into: Content = {
    texts: [],
    quoted: [],
    images: 0,
    fileChars: 0,
    hasToolResult: false,
    signedBy: null,
  };
  const step = { ...place, into, depth: 0 };
  if (Array.isArray(content)) readBlocks(content, step);
  else if (isObject(content)) readBlock(content, step);
  else readText({ text: content, chars }, step);
  return into;
}

function readBlocks(blocks: readonly unknown[], step: Step): void {
  const end = Math.min(blocks.length, MAX_BLOCKS);
  for (let i = 0; i < end; i += 1) readEntry(blocks[i], i, step);
  if (end < blocks.length) step.notes.add(step.path, `more than ${MAX_BLOCKS} blocks: the rest left out`);
}

function readEntry(entry: unknown, index: number, step: Step): void {
  const inside = { ...step, path: `${step.path}[${index}]` };
  if (isObject(entry)) readBlock(entry, inside);
  else readText({ text: entry }, inside);
}

function readBlock(block: JsonObject, step: Step): void {
  step.into.signedBy = signerOf(block) ?? step.into.signedBy;
  const reader = blockReaders.get(block.type);
  if (reader) reader(block, step);
  else if (typeof block.text === "string") readText(block, step);
  else step.notes.add(step.path, "a block of an unknown type: left out");
}

function readText(block: JsonObject, step: Step): void {
  const { text, chars } = block;
  if (typeof text === "number") {
    step.notes.add(step.path, "a number where text belongs: read as text");
    step.into.texts.push({ text: String(text), chars: String(text).length });
  } else if (typeof text === "string") {
    const clean = cleanText(text, step.path, step.notes);
    step.into.texts.push({ text: clean, chars: charsBeforeCut(chars, clean.length) });
  } else if (text !== null && text !== undefined) {
    step.notes.add(step.path, `a ${kindOf(text)} where text belongs: left out`);
  } else if (step.depth === 0 && block.type !== undefined) {
    step.notes.add(step.path, "a text block without text: left out");
  }
}

/** The `chars` of a block that the callback cut; its length as it is where `chars` says nothing sensible. */
function charsBeforeCut(chars: unknown, length: number): number {
  return typeof chars === "number" && Number.isSafeInteger(chars) && chars > length ? chars : length;
}

function countImage(_block: JsonObject, step: Step): void {
  step.into.images += 1;
}

/** What is named by an address or an id is not here to be counted. */
function countFile(base64: unknown, step: Step): void {
  if (typeof base64 === "string") step.into.fileChars += base64.length;
}

function ignore(): void {
  // Audio and video carry no text to judge by.
}

function readToolCall(block: JsonObject, step: Step): void {
  const name = typeof block.name === "string" ? `${block.name}\n` : "";
  step.into.quoted.push(cleanText(name + jsonStrings(block.input), step.path, step.notes));
}

function readToolResult(block: JsonObject, step: Step): void {
  step.into.hasToolResult = true;
  quote(block.content, step);
}

function readPrinted(block: JsonObject, step: Step): void {
  for (const text of printedTexts(block)) readText({ text }, step);
}

/** What a command printed. */
export function printedTexts({ stdout, stderr }: JsonObject): string[] {
  return [stdout, stderr].filter((text) => typeof text === "string");
}

function readDocument(block: JsonObject, step: Step): void {
  const source = isObject(block.source) ? block.source : {};
  if (source.type === "text") quote(source.data, step);
  if (source.type === "content") quote(source.content, step);
  if (source.media_type === "application/pdf") countFile(source.data, step);
}

function readThinking(block: JsonObject, step: Step): void {
  quote(block.thinking, step);
}

/** Reads content that stands inside a block as quoted text. */
function quote(content: unknown, step: Step): void {
  if (step.depth === MAX_DEPTH) {
    step.notes.add(step.path, "content nested too deep: left out");
    return;
  }
  const inner: Content = { ...step.into, texts: [], quoted: [], images: 0, fileChars: 0 };
  const inside = { ...step, into: inner, depth: step.depth + 1 };
  if (Array.isArray(content)) readBlocks(content, inside);
  else if (isObject(content)) readBlock(content, inside);
  else readText({ text: content }, inside);
  step.into.quoted.push(...inner.texts.map((part) => part.text), ...inner.quoted);
  step.into.images += inner.images;
  step.into.fileChars += inner.fileChars;
  step.into.signedBy = inner.signedBy;
}

import type { Content, Place, TextPart } from "./content.ts";
import { endsExamples, isChore, isLoaded, stripHarness } from "./harness.ts";
import { joined, type SaidTurn } from "./human-turns.ts";
import type { JsonObject } from "./json.ts";
import { Notes } from "./notes.ts";
import type { HumanTurn } from "./route-request.ts";
import { signerOf } from "./signer.ts";
import { isToolAnswer } from "./words-within.ts";

/** Most messages, items or prompts of a body that are looked at: the newest ones. */
const MAX_MESSAGES = 20_000;

/** Who spoke last, harness text aside. */
type Speaker = "nobody" | "human" | "model" | "tool";

/** What has been read of a body so far. Each wire format's reader fills it, message by message. */
export class Reading {
  readonly notes = new Notes();
  readonly systemTexts: string[] = [];
  /** What was said in the user's voice, as the callback counts turns: examples of a client's own are none. */
  readonly said: SaidTurn[] = [];
  /** The first of them, with the tags that a client put around the human's words; null before there is one. */
  firstTurn: string | null = null;
  readonly otherTexts: string[] = [];
  /** Harness blocks of the newest human turn and of what came after it, up to the model's answer. */
  readonly harnessBlocks: string[] = [];
  messages = 0;
  /** Messages that have been begun so far. */
  begun = 0;
  images = 0;
  /** Characters of files in base64. */
  fileChars = 0;
  /** UTF-16 code units and UTF-8 bytes of all text, harness text included. */
  chars = 0;
  utf8Bytes = 0;
  /** The newest one's. */
  signedThinkingBy: string | null = null;
  previousResponse: string | null = null;
  lastSpeaker: Speaker = "nobody";
  /** The model or a tool spoke since the newest human turn. */
  #isAnswered = false;

  /** Instructions of the operator. */
  addSystem(content: Content): void {
    this.#addSides(content);
    for (const part of content.texts) if (part.text !== "") this.systemTexts.push(part.text);
  }

  /** A turn in the user's role: the human's ask, tool results, or nothing but what the harness wrote. */
  addUser(content: Content): void {
    const blocks: string[] = [];
    const texts = content.hasToolResult ? content.texts.filter(({ text }) => !isLoaded(text)) : content.texts;
    const parts = writtenParts(texts, blocks);
    const whole = joined(parts);
    if (parts.length > 0 && isToolAnswer(whole, blocks)) {
      this.addTool(content);
      return;
    }
    this.#addSides(content);
    this.otherTexts.push(...content.quoted);
    if (endsExamples(blocks)) this.#forgetExamples();
    if (parts.length > 0) this.#addTurn(parts, whole);
    this.#addHarness(blocks);
    if (parts.length > 0 || content.images > 0) this.lastSpeaker = "human";
    if (parts.length === 0 && content.hasToolResult) this.lastSpeaker = "tool";
  }

  #addTurn(parts: readonly HumanTurn[], whole: string): void {
    this.firstTurn ??= whole;
    this.harnessBlocks.length = 0;
    this.#isAnswered = false;
    const { chars, utf8Bytes, begun: messages, images, fileChars } = this;
    this.said.push({ parts, size: { chars, utf8Bytes, messages, images, fileChars } });
  }

  #addHarness(blocks: readonly string[]): void {
    if (blocks.some(isChore)) this.#isAnswered = false;
    if (!this.#isAnswered) this.harnessBlocks.push(...blocks);
  }

  #forgetExamples(): void {
    this.said.length = 0;
    this.firstTurn = null;
  }

  /** What the model said and called. */
  addModel(content: Content): void {
    this.#addOthers(content);
    this.modelSpoke();
  }

  /** The model's turn, whatever it said or called. */
  modelSpoke(): void {
    this.#isAnswered = true;
    this.lastSpeaker = "model";
  }

  /** What a tool answered. */
  addTool(content: Content): void {
    this.#addOthers(content);
    this.#isAnswered = true;
    this.lastSpeaker = "tool";
  }

  /** A text of the model that is no content: a call's arguments, a summary of its reasoning. */
  addModelText(text: string): void {
    this.#measure(text, text.length);
    this.otherTexts.push(text);
  }

  /** ASCII characters that stand for what nobody can read here. */
  addUnread(chars: number): void {
    this.chars += chars;
    this.utf8Bytes += chars;
  }

  /** Notes whose signature or seal a call or an item bears. */
  addSigner(part: JsonObject): void {
    this.signedThinkingBy = signerOf(part) ?? this.signedThinkingBy;
  }

  #addOthers(content: Content): void {
    this.#addSides(content);
    for (const part of content.texts) if (part.text !== "") this.otherTexts.push(part.text);
    this.otherTexts.push(...content.quoted);
  }

  #addSides(content: Content): void {
    this.images += content.images;
    this.fileChars += content.fileChars;
    this.signedThinkingBy = content.signedBy ?? this.signedThinkingBy;
    for (const part of content.texts) this.#measure(part.text, part.chars);
    for (const text of content.quoted) this.#measure(text, text.length);
  }

  #measure(text: string, chars: number): void {
    this.chars += chars;
    this.utf8Bytes += Buffer.byteLength(text) + (chars - text.length);
  }
}

/** The texts of a user message without what the harness wrote, where anything is left of them. */
function writtenParts(texts: readonly TextPart[], blocks: string[]): readonly HumanTurn[] {
  return texts.flatMap((part) => {
    const text = stripHarness(part.text, blocks);
    // What was cut away counts, what was stripped does not.
    return text === "" ? [] : [{ text, chars: text.length + (part.chars - part.text.length) }];
  });
}

/** The newest entries of a list in the body, each with its place; notes what is no list and what is too much. */
export function* entriesOf(
  list: unknown,
  { path, notes }: Place,
): Generator<{ entry: unknown; place: Place }> {
  if (!Array.isArray(list)) {
    if (list !== undefined) notes.add(path, "no list: left out");
    return;
  }
  const start = Math.max(0, list.length - MAX_MESSAGES);
  if (start > 0) notes.add(path, `more than ${MAX_MESSAGES} entries: the oldest left out`);
  for (let i = start; i < list.length; i += 1)
    yield { entry: list[i], place: { path: `${path}[${i}]`, notes } };
}

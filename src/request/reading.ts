import type { Content, Place, TextPart } from "./content.ts";
import { isChore, isLoaded, isToolAnswer, stripHarness, wordsWithin } from "./harness.ts";
import type { JsonObject } from "./json.ts";
import { Notes } from "./notes.ts";
import type { AskSize, HumanTurn } from "./route-request.ts";
import { signerOf } from "./signer.ts";

/** Most messages, items or prompts of a body that are looked at: the newest ones. */
const MAX_MESSAGES = 20_000;

/** Who spoke last, harness text aside. */
type Speaker = "nobody" | "human" | "model" | "tool";

/** What has been read of a body so far. Each wire format's reader fills it, message by message. */
export class Reading {
  readonly notes = new Notes();
  readonly systemTexts: string[] = [];
  readonly turns: HumanTurn[] = [];
  /** The first of the turns, with the tags that a client put around the human's words; null before there is one. */
  firstTurn: string | null = null;
  /** How large the body was at each of the turns. */
  readonly asks: AskSize[] = [];
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
    const turn = humanTurn(texts, blocks);
    if (turn !== null && isToolAnswer(turn.text, blocks)) {
      this.addTool(content);
      return;
    }
    this.#addSides(content);
    this.otherTexts.push(...content.quoted);
    if (turn !== null) {
      this.firstTurn ??= turn.text;
      this.turns.push(withinTags(turn));
      const { chars, utf8Bytes, begun: messages, images, fileChars } = this;
      this.asks.push({ chars, utf8Bytes, messages, images, fileChars });
      this.harnessBlocks.length = 0;
      this.#isAnswered = false;
    }
    if (blocks.some(isChore)) this.#isAnswered = false;
    if (!this.#isAnswered) this.harnessBlocks.push(...blocks);
    if (turn !== null || content.images > 0) this.lastSpeaker = "human";
    if (turn === null && content.hasToolResult) this.lastSpeaker = "tool";
  }

  /** What the model said and called. */
  addModel(content: Content): void {
    this.#addOthers(content);
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

/** The human's own words of a user message, null where the harness wrote all of it. */
function humanTurn(parts: readonly TextPart[], blocks: string[]): HumanTurn | null {
  const texts: string[] = [];
  let chars = 0;
  for (const part of parts) {
    const text = stripHarness(part.text, blocks);
    if (text === "") continue;
    // What was cut away counts, what was stripped does not; each text but the first brings a line feed.
    chars += text.length + (part.chars - part.text.length) + (texts.length > 0 ? 1 : 0);
    texts.push(text);
  }
  return texts.length === 0 ? null : { text: texts.join("\n"), chars };
}

function withinTags({ text, chars }: HumanTurn): HumanTurn {
  const words = wordsWithin(text);
  return { text: words, chars: chars - (text.length - words.length) };
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

import type { Content, Place, TextPart } from "./content.ts";
import { endsExamples, isChore, isLoaded, isSummary, stripHarness } from "./harness.ts";
import type { JsonObject } from "./json.ts";
import { Notes } from "./notes.ts";
import type { AskSize, HumanTurn } from "./route-request.ts";
import { signerOf } from "./signer.ts";
import { isToolAnswer, modeTag, wordsWithin } from "./words-within.ts";

/** Most messages, items or prompts of a body that are looked at: the newest ones. */
const MAX_MESSAGES = 20_000;

/** Longest words, in UTF-16 code units, that may ask for nothing, so that the summary before them says what is asked. */
const LONGEST_REPLY = 60;

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
  /** The opening tag in which a client says in what mode the human wrote the newest turn; "" where it says none. */
  modeTag = "";
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
  /** The first turn is the summary of a conversation. */
  #beginsWithSummary = false;

  /** Instructions of the operator. */
  addSystem(content: Content): void {
    this.#addSides(content);
    for (const part of content.texts) if (part.text !== "") this.systemTexts.push(part.text);
  }

  /** A turn in the user's role: the human's ask, tool results, or nothing but what the harness wrote. */
  addUser(content: Content): void {
    const blocks: string[] = [];
    const texts = content.hasToolResult ? content.texts.filter(({ text }) => !isLoaded(text)) : content.texts;
    const written = humanTurn(texts, blocks);
    if (written !== null && isToolAnswer(written.whole, blocks)) {
      this.addTool(content);
      return;
    }
    this.#addSides(content);
    this.otherTexts.push(...content.quoted);
    this.#addWords(written, blocks);
    if (written !== null || content.images > 0) this.lastSpeaker = "human";
    if (written === null && content.hasToolResult) this.lastSpeaker = "tool";
  }

  #addWords(turn: WrittenTurn | null, blocks: readonly string[]): void {
    if (endsExamples(blocks)) this.#forgetExamples();
    if (turn !== null) this.#addTurn(turn);
    if (blocks.some(isChore)) this.#isAnswered = false;
    if (!this.#isAnswered) this.harnessBlocks.push(...blocks);
  }

  #addTurn({ text, whole, chars, isSummary }: WrittenTurn): void {
    this.firstTurn ??= whole;
    this.harnessBlocks.length = 0;
    this.#isAnswered = false;
    if (isSummary && this.turns.length > 0) return;
    const turn = withinTags({ text, chars });
    if (this.#beginsWithSummary && turn.chars > LONGEST_REPLY) this.#forgetTurns(1);
    this.#beginsWithSummary ||= isSummary;
    this.turns.push(turn);
    this.modeTag = modeTag(text);
    const { chars: allChars, utf8Bytes, begun: messages, images, fileChars } = this;
    this.asks.push({ chars: allChars, utf8Bytes, messages, images, fileChars });
  }

  /** Forgets so many of the oldest turns. */
  #forgetTurns(count: number): void {
    this.turns.splice(0, count);
    this.asks.splice(0, count);
    this.#beginsWithSummary = false;
  }

  #forgetExamples(): void {
    this.#forgetTurns(this.turns.length);
    this.firstTurn = null;
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

interface WrittenTurn extends HumanTurn {
  /** With a summary of a conversation beside the words. */
  readonly whole: string;
  /** All of it is the summary of a conversation. */
  readonly isSummary: boolean;
}

/** The human's own words of a user message, null where the harness wrote all of it. */
function humanTurn(parts: readonly TextPart[], blocks: string[]): WrittenTurn | null {
  const written = parts.flatMap((part) => {
    const text = stripHarness(part.text, blocks);
    // What was cut away counts, what was stripped does not.
    return text === "" ? [] : [{ text, chars: text.length + (part.chars - part.text.length) }];
  });
  const words = written.filter(({ text }) => !isSummary(text));
  const isAsk = words.length === written.length || joined(words).length > LONGEST_REPLY;
  const kept = isAsk ? words : written.map((part) => (isSummary(part.text) ? withinTags(part) : part));
  if (kept.length === 0) return null;
  // Each text but the first brings a line feed.
  const chars = kept.reduce((sum, part) => sum + part.chars, kept.length - 1);
  return { text: joined(kept), whole: joined(written), chars, isSummary: kept.length > words.length };
}

function joined(parts: readonly HumanTurn[]): string {
  return parts.map(({ text }) => text).join("\n");
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

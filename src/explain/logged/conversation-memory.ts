/** A human turn of a conversation, as it was scored: null where it carries no signal. */
type TurnScore = number | null;

/** Conversations that are remembered, and turns of each: about 30 MB at most. */
const MAX_CONVERSATIONS = 20_000;
const MAX_TURNS = 16;

/** Remembers what the turns of conversations scored, the newest conversations and their newest turns. */
export class ConversationMemory {
  readonly #conversations = new Map<string, Map<number, TurnScore>>();

  /** @param turn counts from 1. */
  remember(conversation: string, turn: number, score: TurnScore): void {
    const turns = this.#conversations.get(conversation) ?? new Map<number, TurnScore>();
    this.#conversations.delete(conversation);
    this.#conversations.set(conversation, turns);
    turns.delete(turn);
    turns.set(turn, score);
    dropFirst(turns, MAX_TURNS);
    dropFirst(this.#conversations, MAX_CONVERSATIONS);
  }

  /** undefined where the turn was not seen, or long ago. */
  recall(conversation: string, turn: number): TurnScore | undefined {
    return this.#conversations.get(conversation)?.get(turn);
  }
}

function dropFirst<Key>(map: Map<Key, unknown>, most: number): void {
  if (map.size <= most) return;
  for (const first of map.keys()) {
    map.delete(first);
    return;
  }
}

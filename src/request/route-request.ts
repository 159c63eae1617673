/** The one shape that every wire format is read into. Pure data: the inside of the program trusts it. */

/** Which of the four wire formats the body was written in. */
export type WireShape = "chat" | "text" | "messages" | "responses";

/** A turn that a human wrote: harness text, tool results and retrieved documents are not in it. */
export interface HumanTurn {
  /** What the human wrote, harness text removed; may be cut by the callback's extract. */
  readonly text: string;
  /** Length in UTF-16 code units before the callback cut it; `text.length` where it was not cut. */
  readonly chars: number;
}

/** Size of a request when one of its human turns was the newest: everything up to and including that turn. */
export interface AskSize {
  /** UTF-16 code units of all text. */
  readonly chars: number;
  /** UTF-8 bytes of all text. */
  readonly utf8Bytes: number;
  readonly messages: number;
  readonly images: number;
  /** Characters of the files that it holds in base64, PDFs above all. */
  readonly fileChars: number;
}

/** Figures over the whole body, as the callback saw it before it cut the extract. */
export interface Facts {
  /** UTF-16 code units of all text, and 4 for each token id of a prompt. */
  readonly chars: number;
  /** UTF-8 bytes of all text, and 4 for each token id of a prompt. */
  readonly utf8Bytes: number;
  /** Turns that a human wrote. */
  readonly humanTurns: number;
  readonly messages: number;
  /** Of the newest human turns, oldest first, so that the last one belongs to the newest turn; 64 at most. */
  readonly asks: readonly AskSize[];
  readonly images: number;
  /** Characters of the files that it holds in base64, PDFs above all. */
  readonly fileChars: number;
  readonly toolNames: readonly string[];
  /** Characters of the tools' JSON. */
  readonly toolSchemaChars: number;
  /** Beginning of the tools' names, descriptions and parameters, with or without the JSON around them; "" without tools. */
  readonly toolText: string;
  /** Vendor whose models alone can read the newest signed or encrypted thinking in the history, `anthropic` for one; "unknown" where it cannot be told. */
  readonly signedThinkingBy: string | null;
  /** Response id that the request goes on from; only its provider can read it. */
  readonly previousResponseBy: string | null;
  /** Model that wrote this response, as the deployment in its id tells; null where that is not known. */
  readonly previousResponseModel: string | null;
  /** Hex digest that stays the same while a conversation grows; null where there is no human turn. */
  readonly conversationHash: string | null;
}

/** Who asks, as LiteLLM authenticated them. */
export interface Caller {
  readonly keyHash: string | null;
  readonly keyAlias: string | null;
  readonly teamId: string | null;
  readonly userId: string | null;
  readonly endUserId: string | null;
  /** Spent share of the key's budget, 0 and up; null where it has none. */
  readonly budgetUsedRatio: number | null;
}

/** A part of the body that could not be read as it stood. */
export interface ReadNote {
  /** Where, as a path into the body: `messages[3].content`. */
  readonly path: string;
  /** What was found there and what was made of it. */
  readonly note: string;
}

export interface RouteRequest {
  /** The name the client asked for; "auto" where it is missing or null. */
  readonly requestedModel: string;
  readonly wire: WireShape;
  /** LiteLLM's call type, `acompletion` for one. */
  readonly callType: string | null;
  /** LiteLLM's call id. A client can choose it, so it is never a key of ours. */
  readonly callId: string | null;
  /** LiteLLM's router recognises the requested name as it is. */
  readonly known: boolean;
  /** System and developer text, in order. */
  readonly systemText: string;
  /** What the client's program wrote into the newest human turn and before the model answered it, its end where it is long. */
  readonly harnessText: string;
  /** Human turns in the extract, oldest first. */
  readonly turns: readonly HumanTurn[];
  /** Assistant text, tool calls and tool results in the extract, in order. */
  readonly otherTexts: readonly string[];
  /** The last message of the body answers a tool call: not a new ask. */
  readonly endsInToolResult: boolean;
  /** The client's limit of output tokens, null where it sets none. */
  readonly maxOutputTokens: number | null;
  /** The client asked for JSON or for a JSON schema. */
  readonly structuredOutput: boolean;
  readonly facts: Facts;
  readonly caller: Caller;
  readonly sessionId: string | null;
  readonly tags: readonly string[];
  /** Headers that the policy names, lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly notes: readonly ReadNote[];
  /** Its input in tokens, where that was estimated before and its texts are not all at hand. */
  readonly inputTokens?: number;
  /** The same up to and including the newest human turn; left out where the texts tell it. */
  readonly askInputTokens?: number;
}

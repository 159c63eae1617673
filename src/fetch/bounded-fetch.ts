/** An answer has more bytes than are read. */
export class TooLongError extends Error {
  override name = "TooLongError";
}

export interface BoundedInit extends RequestInit {
  /** Largest answer that is read, in bytes. */
  readonly maxBytes: number;
}

/** Longest error of a server that is passed on, in UTF-16 code units. */
const MAX_ERROR_CHARS = 200;

/**
 * fetch() of at most so many bytes, from that very server: whoever it points to would get the text and the key too.
 * The answer comes as JSON, an error as `{"error": "..."}`: the Ollama client prints others.
 *
 * @throws {TooLongError}
 * @throws {TypeError} where the URL has a user name or a password: fetch() takes neither, and tells both in its error.
 */
export async function boundedFetch(
  url: string | URL | Request,
  { maxBytes, ...init }: BoundedInit,
): Promise<Response> {
  refuseUser(url);
  const response = await fetch(url, { ...init, redirect: "error" });
  const bytes = await readBytes(response, maxBytes);
  const { status, ok } = response;
  const headers = new Headers({ "Content-Type": "application/json" });
  const cost = response.headers.get("x-litellm-response-cost");
  if (cost !== null) headers.set("x-litellm-response-cost", cost);
  const body = ok ? bytes : JSON.stringify({ error: errorOf(bytes.toString("utf8"), status) });
  return new Response(body, { status, headers });
}

function refuseUser(url: string | URL | Request): void {
  const { username, password } = new URL(url instanceof Request ? url.url : url);
  if (username === "" && password === "") return;
  throw new TypeError("Cannot ask: found a user name or a password in the URL, expected none");
}

async function readBytes(response: Response, maxBytes: number): Promise<Buffer<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > maxBytes)
      throw new TooLongError(`Cannot read the answer: expected at most ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** What a server like Ollama says in words, else its status. */
function errorOf(body: string, status: number): string {
  const words = `the server answered with status ${status}`;
  try {
    const { error }: { error?: unknown } = Object(JSON.parse(body));
    return typeof error === "string" && error !== "" ? error.slice(0, MAX_ERROR_CHARS) : words;
  } catch {
    return words;
  }
}

import { pipeline } from "node:stream/promises";

/** Writes a text to standard output, however long. A reader that goes away, such as `head`, has had what it wanted. */
export async function printText(text: string): Promise<void> {
  try {
    await pipeline([text], process.stdout, { end: false });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EPIPE")) throw error;
  }
}

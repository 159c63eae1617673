/** `signalbox up` cannot go on; the message tells a person what was found and what to do. */
export class UpError extends Error {
  override name = "UpError";
}

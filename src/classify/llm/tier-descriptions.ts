/** What the usual names of tiers mean, for a file that says nothing of its own. */
const DESCRIPTIONS: ReadonlyMap<string, string> = new Map([
  [
    "simple",
    "greetings, facts that anybody knows, translations, short rewriting and formatting, one-line code",
  ],
  ["medium", "explanations, summaries, everyday code and mails, analysis of one thing in a few steps"],
  [
    "complex",
    "proofs, design of systems, hard debugging, many constraints at once, long reasoning, expert work",
  ],
]);

/** The description of a tier; `rung` is its place from below, 0 the lowest, of `rungs`. */
export function describeTier(
  name: string,
  { rung, rungs }: { readonly rung: number; readonly rungs: number },
): string {
  const known = DESCRIPTIONS.get(name.toLowerCase());
  return known ?? `requests of difficulty ${rung + 1} on a scale from 1 (trivial) to ${rungs} (hardest)`;
}

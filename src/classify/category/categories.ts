/** Kinds of work that a human turn can ask for. */
export const CATEGORIES = [
  /** Programs, queries, configuration and systems of software: to write, read, mend, test, design. */
  "code",
  /** Calculation, equations, probability, proofs of theorems. */
  "math",
  /** Logic, puzzles, plans and decisions under stated rules. */
  "reasoning",
  /** Comparison, survey, analysis of a field, recommendations. */
  "research",
  /** Prose to be made or reworked: texts, summaries, ideas. */
  "writing",
  /** Something to be got out of a given text, sorted into given classes, or brought into another format. */
  "extraction",
  "translation",
  /** A fact, a definition, an explanation. Also what nothing else fits. */
  "question_answering",
  /** Greetings, thanks, small talk, role play. */
  "conversation",
  /** Something to be done with tools over several steps: run, deploy, open, search, book. */
  "agentic",
] as const;

export type Category = (typeof CATEGORIES)[number];

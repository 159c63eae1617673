/** What a kind of work asks of `routing`, beside what all have in common. */
export interface Preset {
  readonly about: string;
  /** Names that clients insist on and that are routed by the score. */
  readonly patterns: readonly string[];
  /** Lines of YAML, indented by two blanks. */
  readonly rules: string;
  readonly downgradeAfter: number;
  readonly storeText: "redacted" | "none";
}

const NO_RULES = `  # Rules come before the score; the first that matches holds. docs/rules.md has all conditions.
  # rules:
  #   - name: batch work is cheap
  #     when: {tag: batch}
  #     max_tier: <tier>
`;

/** By name, as \`signalbox init --preset\` takes them. */
export const PRESETS = {
  general: {
    about: "one entrance for applications of all kinds",
    patterns: [],
    rules: NO_RULES,
    downgradeAfter: 3,
    storeText: "redacted",
  },
  "coding-agents": {
    about: "coding agents that work for hours and ask for models by names of their own",
    patterns: ["claude-*", "gpt-*"],
    rules: `  # Rules come before the score; the first that matches holds. docs/rules.md has all conditions.
  rules:
    - name: titles of conversations are housekeeping
      when: {system_matches: "(generate|write|come up with) a (short |concise )?title", max_input_tokens: 4000}
      tier: <cheapest>
    - name: an error trace is no small talk
      when: {has_error_trace: true}
      min_tier: <fallback>
`,
    // Work at a task goes on over many short turns.
    downgradeAfter: 6,
    storeText: "redacted",
  },
  "customer-support": {
    about: "answers to customers, of whose words nothing is stored",
    patterns: [],
    rules: `  # Rules come before the score; the first that matches holds. docs/rules.md has all conditions.
  rules:
    - name: money and law are for a strong model
      when:
        text_contains: [refund, chargeback, lawyer, legal action, complaint, cancel my contract, data protection]
      min_tier: <dearest>
`,
    downgradeAfter: 2,
    storeText: "none",
  },
  translation: {
    about: "translation and rewriting, where small models do well",
    patterns: [],
    rules: `  # Rules come before the score; the first that matches holds. docs/rules.md has all conditions.
  rules:
    - name: contracts and medicine are translated with care
      when: {category: translation, text_contains: [contract, liability, patient, dosage, patent]}
      min_tier: <dearest>
    - name: short translations are for the small model
      when: {category: translation, max_input_tokens: 3000}
      tier: <cheapest>
`,
    downgradeAfter: 1,
    storeText: "redacted",
  },
} as const satisfies Readonly<Record<string, Preset>>;

export type PresetName = keyof typeof PRESETS;

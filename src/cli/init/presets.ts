import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What a kind of work asks of `routing`, beside what all have in common. */
export interface Preset {
  readonly about: string;
  /** Names that clients insist on and that are routed by the score. */
  readonly patterns: readonly string[];
  /** Lines of YAML, indented by two blanks, with `<cheapest>`, `<fallback>` and `<dearest>` for tiers. */
  readonly rules: () => string;
  readonly downgradeAfter: number;
  readonly storeText: "redacted" | "none";
}

const RULE_PACK = join(import.meta.dirname, "..", "..", "..", "presets", "agent-rules.yaml");

/** The tiers of the rule pack, as they are called here. */
const TIERS_OF_PACK: readonly (readonly [RegExp, string])[] = [
  [/(?<=^ +(?:min_|max_)?tier: )simple$/gm, "<cheapest>"],
  [/(?<=^ +(?:min_|max_)?tier: )medium$/gm, "<fallback>"],
  [/(?<=^ +(?:min_|max_)?tier: )complex$/gm, "<dearest>"],
];

const RULES_HEAD = `  # Rules come before the score; the first that matches holds. docs/rules.md has all conditions.
`;

/** The rules for coding agents that ship, with their comments but for those on how to copy them. */
function agentRules(): string {
  const pack = readFileSync(RULE_PACK, "utf8");
  const rules = TIERS_OF_PACK.reduce((text, [tier, name]) => text.replaceAll(tier, name), pack);
  const indented = rules.slice(rules.search(/^rules:$/m)).replaceAll(/^(?=.)/gm, "  ");
  return `${RULES_HEAD}  # These are those of presets/agent-rules.yaml; docs/rules.md says which clients' prompts they know.
${indented}`;
}

const NO_RULES = `${RULES_HEAD}  # rules:
  #   - name: batch work is cheap
  #     when: {tag: batch}
  #     max_tier: <tier>
`;

/** By name, as \`signalbox init --preset\` takes them. */
export const PRESETS = {
  general: {
    about: "one entrance for applications of all kinds",
    patterns: [],
    rules: () => NO_RULES,
    downgradeAfter: 3,
    storeText: "redacted",
  },
  "coding-agents": {
    about: "coding agents that work for hours and ask for models by names of their own",
    patterns: ["claude-*", "gpt-*"],
    rules: agentRules,
    // Work at a task goes on over many short turns.
    downgradeAfter: 6,
    storeText: "redacted",
  },
  "customer-support": {
    about: "answers to customers, of whose words nothing is stored",
    patterns: [],
    rules: () => `${RULES_HEAD}  rules:
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
    rules: () => `${RULES_HEAD}  rules:
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

/**
 * BSGateway's static score for a single user prompt, with its shipped keywords: the control beside which ours is
 * printed. Written from a description of its behaviour, defects included; not used by the program.
 */
const COMPLEX = [
  "architect",
  "design system",
  "trade-off",
  "security audit",
  "refactor",
  "optimize",
  "deep analysis",
  "review code",
  "debug complex",
  "performance",
  "scalability",
  "implement",
  "function",
  "build",
  "create",
];
const SIMPLE = [
  "hello",
  "hi",
  "thanks",
  "convert",
  "format",
  "translate",
  "summarize",
  "what is",
  "how to",
  "explain",
];
const ERROR_MARKS = ["Traceback", "Error:", "Exception", "FAILED"];

/** Its score of a prompt without system text, history or tools: an integer in 0..100. */
export function seedStaticScore(prompt: string): number {
  const keywords = keywordScore(prompt.toLowerCase());
  const code = codeScore(prompt);
  const total = tokenScore(prompt) * 0.25 + keywords * 0.25 + 10 * 0.1 + code * 0.15;
  const floors = [
    keywords >= 80 ? 70 : keywords >= 60 ? 45 : keywords >= 40 ? 25 : 0,
    code >= 60 ? 50 : code >= 30 ? 30 : 0,
  ];
  return Math.min(100, Math.trunc(Math.max(total, ...floors)));
}

function tokenScore(prompt: string): number {
  const words = prompt.split(/\s+/).filter((word) => word !== "").length;
  const tokens = Math.trunc(words * 1.3);
  return tokens < 500 ? 10 : tokens < 2000 ? 35 : tokens < 8000 ? 60 : 85;
}

function keywordScore(lower: string): number {
  const complex = COMPLEX.filter((word) => lower.includes(word)).length;
  const simple = SIMPLE.filter((word) => lower.includes(word)).length;
  if (complex > 0 && simple === 0) return Math.min(100, 50 + 10 * complex);
  if (simple > 0 && complex === 0) return Math.max(0, 15 - 3 * simple);
  return Math.min(100, Math.max(0, 30 + 8 * (complex - simple)));
}

function codeScore(prompt: string): number {
  const blocks = prompt.match(/```[\s\S]*?```/g) ?? [];
  if (blocks.length === 0) return 0;
  const lines = blocks.reduce((sum, block) => sum + block.split("\n").length - 1, 0);
  const error = ERROR_MARKS.some((mark) => prompt.includes(mark)) ? 25 : 0;
  return Math.min(100, Math.min(60, 2 * lines) + error + Math.min(15, 5 * (blocks.length - 1)));
}

import { createRandom } from "../../src/learn/random.ts";

/** A change of a prompt that asks for the same as before. */
export interface Edit {
  readonly name: string;
  /** @param lang ISO 639-1 of the prompt; phrases are English where the language has none here. */
  readonly apply: (prompt: string, lang: string) => string;
}

interface Phrases {
  readonly greeting: string;
  readonly thanks: string;
  readonly politeness: string;
  readonly purpose: string;
}

const ENGLISH: Phrases = {
  greeting: "Hi there!",
  thanks: "Thanks in advance!",
  politeness: "Could you please help me with the following?",
  purpose: "(for my history class)",
};

/** Such phrases in the languages of the sets. */
const PHRASES: ReadonlyMap<string, Phrases> = new Map([
  ["en", ENGLISH],
  [
    "zh",
    {
      greeting: "你好！",
      thanks: "先谢谢了！",
      politeness: "请帮我处理下面的问题。",
      purpose: "（用于我的历史课）",
    },
  ],
  [
    "ru",
    {
      greeting: "Привет!",
      thanks: "Заранее спасибо!",
      politeness: "Помогите, пожалуйста, со следующим.",
      purpose: "(для урока истории)",
    },
  ],
  [
    "de",
    {
      greeting: "Hallo!",
      thanks: "Danke im Voraus!",
      politeness: "Könntest du mir bitte bei Folgendem helfen?",
      purpose: "(für meinen Geschichtskurs)",
    },
  ],
  [
    "fr",
    {
      greeting: "Bonjour !",
      thanks: "Merci d'avance !",
      politeness: "Peux-tu m'aider avec ceci, s'il te plaît ?",
      purpose: "(pour mon cours d'histoire)",
    },
  ],
  [
    "es",
    {
      greeting: "¡Hola!",
      thanks: "¡Gracias de antemano!",
      politeness: "¿Podrías ayudarme con lo siguiente, por favor?",
      purpose: "(para mi clase de historia)",
    },
  ],
  [
    "pt",
    {
      greeting: "Olá!",
      thanks: "Obrigado desde já!",
      politeness: "Você poderia me ajudar com o seguinte, por favor?",
      purpose: "(para minha aula de história)",
    },
  ],
]);

/** Share of the words that get a typo. */
const TYPO_SHARE = 0.1;
/** Seed of the typos. */
const SEED = 20_261_126;

/** Words that a swap of two inner letters leaves readable. */
const WORD = /\p{L}{4,}/gu;

/** The same manners in words that nobody looks for, in English. */
const OTHER_WORDS = [
  { name: "greeting, other words", around: (prompt: string) => `Hope your week is going well. ${prompt}` },
  {
    name: "thanks, other words",
    around: (prompt: string) => `${prompt} I really appreciate you taking the time.`,
  },
  {
    name: "politeness, other words",
    around: (prompt: string) => `I'd be grateful if you looked at this one. ${prompt}`,
  },
  {
    name: "purpose, other words",
    around: (prompt: string) => `${prompt} My teacher asked us to hand this in on Monday.`,
  },
] as const;

/** Edits that change nothing. */
export const EDITS: readonly Edit[] = [
  { name: "greeting before", apply: (prompt, lang) => `${phrases(lang).greeting} ${prompt}` },
  { name: "thanks after", apply: (prompt, lang) => `${prompt} ${phrases(lang).thanks}` },
  { name: "politeness before", apply: (prompt, lang) => `${phrases(lang).politeness} ${prompt}` },
  { name: "purpose after", apply: (prompt, lang) => `${prompt} ${phrases(lang).purpose}` },
  ...OTHER_WORDS.map(({ name, around }) => ({
    name,
    apply: (prompt: string, lang: string) => (lang === "en" ? around(prompt) : prompt),
  })),
  {
    name: "white space",
    apply: (prompt) => `\n  ${prompt.replaceAll(/([.!?]) (?=\p{Lu})/gu, "$1  ")}  \n\n`,
  },
  { name: "lower case", apply: (prompt) => prompt.toLowerCase() },
  { name: "upper case", apply: (prompt) => prompt.toUpperCase() },
  { name: "typo in one word in ten", apply: withTypos },
];

function phrases(lang: string): Phrases {
  return PHRASES.get(lang) ?? ENGLISH;
}

/** Swaps two inner letters of about every tenth word, the same ones in each run; of at least one where a word is long enough. */
function withTypos(prompt: string): string {
  const random = createRandom(SEED + prompt.length);
  const words = [...prompt.matchAll(WORD)].length;
  const certain = Math.floor(random() * words);
  let at = -1;
  return prompt.replaceAll(WORD, (word) => {
    at += 1;
    const isHit = random() < TYPO_SHARE;
    return isHit || (at === certain && words < 1 / TYPO_SHARE) ? swapInner(word, random()) : word;
  });
}

function swapInner(word: string, draw: number): string {
  const at = 1 + Math.floor(draw * (word.length - 2));
  return `${word.slice(0, at)}${word[at + 1] ?? ""}${word[at] ?? ""}${word.slice(at + 2)}`;
}

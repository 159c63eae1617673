import type { LanguageCode } from "./language-codes.ts";

/** A script, or scripts that one language mixes. */
const WRITING_SYSTEMS = [
  "latin",
  "cyrillic",
  "arabic",
  "han",
  "kana",
  "hangul",
  "devanagari",
  "thai",
  "greek",
  "hebrew",
  "bengali",
  "tamil",
  "telugu",
  "georgian",
  "armenian",
] as const;

export type WritingSystem = (typeof WRITING_SYSTEMS)[number];

/** The languages that are written in it, likeliest first. */
export const LANGUAGES_OF: Readonly<Record<WritingSystem, readonly LanguageCode[]>> = {
  latin: [
    ...(["en", "es", "de", "fr", "pt", "it", "nl", "pl", "tr", "vi"] as const),
    ...(["id", "sv", "cs", "da", "no", "fi", "hu", "ro", "sk"] as const),
  ],
  cyrillic: ["ru", "uk", "bg"],
  arabic: ["ar", "fa", "ur"],
  han: ["zh"],
  kana: ["ja"],
  hangul: ["ko"],
  devanagari: ["hi"],
  thai: ["th"],
  greek: ["el"],
  hebrew: ["he"],
  bengali: ["bn"],
  tamil: ["ta"],
  telugu: ["te"],
  georgian: ["ka"],
  armenian: ["hy"],
};

interface Block {
  readonly from: number;
  /** The first code unit behind it. */
  readonly to: number;
  readonly system: WritingSystem;
}

/** Letters by the blocks of Unicode; what is in none tells no language. */
const BLOCKS: readonly Block[] = [
  { from: 0x41, to: 0x5b, system: "latin" },
  { from: 0x61, to: 0x7b, system: "latin" },
  { from: 0xc0, to: 0x250, system: "latin" },
  { from: 0x370, to: 0x400, system: "greek" },
  { from: 0x400, to: 0x530, system: "cyrillic" },
  { from: 0x530, to: 0x590, system: "armenian" },
  { from: 0x590, to: 0x600, system: "hebrew" },
  { from: 0x600, to: 0x780, system: "arabic" },
  { from: 0x900, to: 0x980, system: "devanagari" },
  { from: 0x980, to: 0xa00, system: "bengali" },
  { from: 0xb80, to: 0xc00, system: "tamil" },
  { from: 0xc00, to: 0xc80, system: "telugu" },
  { from: 0xe00, to: 0xe80, system: "thai" },
  { from: 0x10a0, to: 0x1100, system: "georgian" },
  { from: 0x1100, to: 0x1200, system: "hangul" },
  { from: 0x1e00, to: 0x1f00, system: "latin" },
  { from: 0x1f00, to: 0x2000, system: "greek" },
  { from: 0x3041, to: 0x3100, system: "kana" },
  { from: 0x3400, to: 0x9fff, system: "han" },
  { from: 0xac00, to: 0xd7b0, system: "hangul" },
];

const NO_SYSTEM = 255;
const SYSTEM_OF = new Uint8Array(0x10000).fill(NO_SYSTEM);
for (const { from, to, system } of BLOCKS) SYSTEM_OF.fill(WRITING_SYSTEMS.indexOf(system), from, to);

/**
 * What a letter counts for. Latin letters are in texts of every language, as code, names and formulas; a word of two Han
 * characters stands beside one of five letters.
 */
const WEIGHTS = Float64Array.from(WRITING_SYSTEMS, letterWeight);

function letterWeight(system: WritingSystem): number {
  if (system === "latin") return 1;
  return system === "han" || system === "kana" || system === "hangul" ? 5 : 2;
}

/** Japanese mixes kana into Han characters; from this share of both on it is Japanese. */
const KANA_SHARE = 0.1;
const LATIN = WRITING_SYSTEMS.indexOf("latin");
const HAN = WRITING_SYSTEMS.indexOf("han");
const KANA = WRITING_SYSTEMS.indexOf("kana");

const PLACES = WRITING_SYSTEMS.map((_, place) => place);
/** Of the letters of each system; good until the next text is weighed. */
const weights = new Float64Array(WRITING_SYSTEMS.length);

/** The writing systems of a text, given by its UTF-16 code units, that of most of it first. */
export function writingSystemsOf(units: Uint16Array, length: number): readonly WritingSystem[] {
  weighLetters(units, length);
  const [han, kana] = [weights[HAN] ?? 0, weights[KANA] ?? 0];
  if (kana > KANA_SHARE * (han + kana)) [weights[HAN], weights[KANA]] = [0, han + kana];
  const weightOf = (place: number): number => weights[place] ?? 0;
  const found = PLACES.filter((place) => weightOf(place) > 0).sort((a, b) => weightOf(b) - weightOf(a));
  return found.flatMap((place) => WRITING_SYSTEMS[place] ?? []);
}

function weighLetters(units: Uint16Array, length: number): void {
  weights.fill(0);
  // Most letters are of this system: to add each to its place of the array takes longer.
  let latin = 0;
  for (let at = 0; at < length; at += 1) {
    const system = SYSTEM_OF[units[at] ?? 0] ?? NO_SYSTEM;
    if (system === LATIN) latin += 1;
    else if (system !== NO_SYSTEM) weights[system] = (weights[system] ?? 0) + (WEIGHTS[system] ?? 0);
  }
  weights[LATIN] = latin * (WEIGHTS[LATIN] ?? 0);
}

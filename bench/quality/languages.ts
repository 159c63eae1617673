import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { languageOf } from "../../src/classify/language.ts";
import type { BenchClassifier, Judged } from "./classifier.ts";
import type { Part, PartOptions } from "./part.ts";
import { showShare } from "./share.ts";

const LANGUAGES = ["en", "de", "fr", "es", "pt", "it", "ru", "zh", "ja", "ko", "ar"] as const;

type Language = (typeof LANGUAGES)[number];

const itemSchema = z.strictObject({
  tier: z.enum(["simple", "medium", "complex"]),
  ...Object.fromEntries(LANGUAGES.map((language) => [language, z.string()])),
});

/** One request in every language. */
export type LanguageItem = Readonly<Record<Language | "tier", string>>;

/** Reads the requests in 11 languages. */
export function readLanguageItems(): LanguageItem[] {
  const text = readFileSync(join(import.meta.dirname, "languages.yaml"), "utf8");
  return z.array(itemSchema.and(z.record(z.enum(["tier", ...LANGUAGES]), z.string()))).parse(parse(text));
}

/** Whether a request gets the same tier whatever language it is asked in. */
export async function benchLanguages({ classifiers }: PartOptions): Promise<Part> {
  const items = readLanguageItems();
  const agreement: string[][] = LANGUAGES.map((language) => [language, recognised(items, language)]);
  for (const classifier of classifiers) {
    const english = await judgeIn("en", items, classifier);
    for (const [row, language] of LANGUAGES.entries())
      agreement[row]?.push(showAgreement(english, await judgeIn(language, items, classifier)));
  }
  const columns = ["", "recognised as", ...classifiers.map(({ name }) => name)];
  return {
    title: "The same requests in 11 languages",
    text: TEXT,
    tables: [{ caption: CAPTION, table: { columns, rows: agreement } }],
  };
}

const TEXT = `20 requests of our own (\`bench/quality/languages.yaml\`: 7 simple, 7 medium, 6 complex), each written in 11 languages.`;

const CAPTION =
  "Share of the requests that get the tier of their English version, and in brackets their mean score; *recognised as*: share whose language is told right:";

function recognised(items: readonly LanguageItem[], language: Language): string {
  const count = items.filter((item) => languageOf(item[language]) === language).length;
  return showShare({ count, of: items.length });
}

function judgeIn(
  language: Language,
  items: readonly LanguageItem[],
  { judge }: BenchClassifier,
): Promise<readonly Judged[]> {
  return judge(items.map((item) => item[language]));
}

function showAgreement(english: readonly Judged[], other: readonly Judged[]): string {
  const same = other.filter(({ tier }, at) => tier === english[at]?.tier).length;
  const mean = other.reduce((sum, { score }) => sum + score, 0) / other.length;
  return `${Math.round((100 * same) / other.length)} % (${mean.toFixed(2)})`;
}

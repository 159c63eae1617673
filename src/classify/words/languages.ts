import { CHINESE, JAPANESE, KOREAN } from "./east-asian.ts";
import { ENGLISH } from "./english.ts";
import { DUTCH, GERMAN, SWEDISH } from "./germanic.ts";
import { FRENCH, ITALIAN, PORTUGUESE, SPANISH } from "./romance.ts";
import { CZECH, POLISH, RUSSIAN, UKRAINIAN } from "./slavic.ts";
import { INDONESIAN, THAI, VIETNAMESE } from "./south-east-asian.ts";
import { ARABIC, HINDI, TURKISH } from "./west-and-south-asian.ts";
import type { WordGroups } from "./word-groups.ts";

/** The words of every language that the reasoning signal knows. */
export const LANGUAGES: readonly WordGroups[] = [
  ENGLISH,
  CHINESE,
  JAPANESE,
  KOREAN,
  RUSSIAN,
  UKRAINIAN,
  POLISH,
  CZECH,
  GERMAN,
  DUTCH,
  SWEDISH,
  FRENCH,
  SPANISH,
  PORTUGUESE,
  ITALIAN,
  TURKISH,
  ARABIC,
  HINDI,
  VIETNAMESE,
  INDONESIAN,
  THAI,
];

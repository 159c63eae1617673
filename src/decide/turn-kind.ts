import type { Category } from "../classify/category/categories.ts";
import { categoryOf } from "../classify/category/category.ts";
import type { LanguageCode } from "../classify/language/language-codes.ts";
import { languageOf } from "../classify/language.ts";
import type { HumanTurn, RouteRequest } from "../request/route-request.ts";

/** Of requests that are being decided: rules, picks and the log ask, and a turn never changes. */
const categories = new WeakMap<HumanTurn, Category>();
const languages = new WeakMap<HumanTurn, { readonly code: LanguageCode | null }>();

/** What a turn of a request asks for; null where there is no turn. */
export function categoryOfTurn(request: RouteRequest, turn: HumanTurn | undefined): Category | null {
  if (turn === undefined) return null;
  const category = categories.get(turn) ?? categoryOf(request, turn);
  categories.set(turn, category);
  return category;
}

/** The language that a turn is written in; null where nothing tells it, or there is no turn. */
export function languageOfTurn(turn: HumanTurn | undefined): LanguageCode | null {
  if (turn === undefined) return null;
  const language = languages.get(turn) ?? { code: languageOf(turn.text) };
  languages.set(turn, language);
  return language.code;
}

import type { Category } from "../classify/category/categories.ts";
import { categoryOf } from "../classify/category/category.ts";
import type { LanguageCode } from "../classify/language/language-codes.ts";
import { languageOf } from "../classify/language.ts";
import { rememberRecent } from "../request/recent.ts";
import type { HumanTurn, RouteRequest } from "../request/route-request.ts";

// Rules, picks and the log ask for both, and a turn never changes.
const categoryRecent = rememberRecent((turn: HumanTurn, request: RouteRequest) => categoryOf(request, turn));
const languageRecent = rememberRecent(({ text }: HumanTurn) => ({ code: languageOf(text) }));

/** What a turn of a request asks for; null where there is no turn. */
export function categoryOfTurn(request: RouteRequest, turn: HumanTurn | undefined): Category | null {
  return turn === undefined ? null : categoryRecent(turn, request);
}

/** The language that a turn is written in; null where nothing tells it, or there is no turn. */
export function languageOfTurn(turn: HumanTurn | undefined): LanguageCode | null {
  return turn === undefined ? null : languageRecent(turn).code;
}

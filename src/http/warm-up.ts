import { ONE_OF_EVERYTHING } from "../log/one-of-everything.ts";
import type { Router } from "./router.ts";

/** Decisions after which the engine has compiled the path of a decision: the first ones cost milliseconds. */
const WARM_UP_DECISIONS = 300;

/** Decides a few made-up requests and makes their rows, so that the first real one is answered as fast as the thousandth. */
export function warmUp(router: Router): void {
  for (let round = 0; round < WARM_UP_DECISIONS; round += 1) {
    const prose = `Compare ${round} ways to sort a list. `.repeat(round);
    // The engine compiles a pattern once more for texts beyond Latin letters.
    const content = prose + (round % 8 < 2 ? ONE_OF_EVERYTHING : "") + (round % 2 === 0 ? "" : "…");
    router.route({ body: { model: "auto", messages: [{ role: "user", content }] } });
  }
}

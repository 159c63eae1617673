import type { Report } from "./report.ts";
import type { Path } from "./source.ts";

/** USD for a token; the dearest models of 2025 take 0.0006. Those of a thousand or a million tokens were meant. */
const ODD_TOKEN_USD = 0.001;
const PER_MILLION = 1_000_000;

/** Warns of a price of one token that is no token's. */
export function warnOfTokenPrice(usd: number, path: Path, report: Report): void {
  if (usd < ODD_TOKEN_USD) return;
  const [million, token] = [usd * PER_MILLION, usd / PER_MILLION].map((n) => Number(n.toPrecision(12)));
  report.warn(
    path,
    `found ${usd} USD for one token, ${million} for a million: ${usd} for a million are ${token}`,
  );
}

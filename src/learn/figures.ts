import { apgr } from "./metrics/apgr.ts";
import { auroc } from "./metrics/auroc.ts";
import { cpt } from "./metrics/cpt.ts";
import { liftAtShare } from "./metrics/lift-at-share.ts";
import { qualityCurve } from "./metrics/quality-curve.ts";
import { saveAtQuality } from "./metrics/save-at-quality.ts";
import { withinGroupApgr } from "./metrics/within-group-apgr.ts";
import { numberAt } from "./number-at.ts";
import { type Order, orderByGroup } from "./order.ts";
import type { Counts, Sample } from "./sample.ts";

/** What an order of prompts is worth, every figure that does not depend on where the tiers are cut. NaN: undefined. */
export interface Figures {
  readonly apgr: number;
  readonly withinGroupApgr: number;
  readonly cpt50: number;
  readonly cpt80: number;
  readonly auroc: number;
  readonly save90: number;
  readonly save95: number;
  readonly save99: number;
  readonly lift30: number;
  readonly lift50: number;
}

/** Prepares a sample, then an order, to be measured on many resamples. */
export function measurer(sample: Sample): (order: Order) => (counts: Counts) => Figures {
  const needsStrong = Uint8Array.from(sample.strong.quality, (quality, row) =>
    quality > numberAt(sample.weak.quality, row) ? 1 : 0,
  );
  return (order) => {
    const groupOrders = orderByGroup(order, sample.groupOf, sample.groups);
    return (counts) => {
      const curve = qualityCurve(sample, order, counts);
      return {
        apgr: apgr(curve),
        withinGroupApgr: withinGroupApgr(sample, groupOrders, counts),
        cpt50: cpt(curve, 0.5),
        cpt80: cpt(curve, 0.8),
        auroc: auroc(order, needsStrong, counts),
        save90: saveAtQuality(curve, 0.9),
        save95: saveAtQuality(curve, 0.95),
        save99: saveAtQuality(curve, 0.99),
        lift30: liftAtShare(curve, 0.3),
        lift50: liftAtShare(curve, 0.5),
      };
    };
  };
}

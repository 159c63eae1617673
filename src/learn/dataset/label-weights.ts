/*
 * How much a label counts, where 1 is what a weak and a strong model really reached on the request. The surer a label
 * tells that the cheap model is not enough, the more. None of these is measured: each says how often we would expect
 * the label to be wrong, and quality hardly depends on them (20 % wrong labels cost .00 to .02 of APGR).
 */

/** The cheap model alone was tried: whether the strong one had done better is not known. */
export const WEAK_ONLY_WEIGHT = 0.7;

/** A person named the tier: sure, but by eye and in steps. */
export const EXPECTED_TIER_WEIGHT = 0.7;

/** A thumb down may be about anything: tone, speed, a tool that failed. */
export const THUMB_DOWN_WEIGHT = 0.5;

/** A thumb up is given to what is pleasant as well as to what is right. */
export const THUMB_UP_WEIGHT = 0.3;

/** Somebody asked a dearer model the same thing within minutes. */
export const ESCALATED_WEIGHT = 0.3;

/** The same was asked again: an answer that did not help, or a page that was loaded anew. */
export const ASKED_AGAIN_WEIGHT = 0.15;

/** The answer was cut at its limit of tokens: it was long, which is not the same as hard. */
export const CUT_ANSWER_WEIGHT = 0.05;

/** A cheap model answered, and nobody complained: nearly always true, and nearly always of no weight. */
export const SILENCE_WEIGHT = 0.02;

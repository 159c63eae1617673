/** Sentences as people write them to models: plain and technical ones, questions and requests. */
const SENTENCES = [
  "Our warehouse ships about four hundred parcels on an ordinary weekday and twice that before holidays.",
  "I inherited a small service that nobody has touched since the spring, and its tests take eleven minutes.",
  "Can you explain what the second paragraph of the contract means for tenants who move out early?",
  "The nightly job reads the orders of the day, groups them by region and writes one summary per customer.",
  "Please keep the tone friendly, leave out the legal terms, and end with a short list of next steps.",
  "When two people edit the same record, the later save wins and the earlier change is silently lost.",
  "My grandmother's recipe says to fold the egg whites in by hand, but it never says how long that takes.",
  "We measured the response time on Tuesday and again on Friday, and the slowest tenth had doubled.",
  "The team agreed that the first version needs a login, a search box and a page that prints well.",
  "It fails only on the staging machine, always after the third retry, with a timeout and no stack trace.",
  "Which of these three offers is cheaper over five years if the price of electricity rises by four percent?",
  "A library in the next town lends telescopes, and the waiting list is shorter than I had expected.",
  "The parser reads a line, splits it at the commas and drops whatever does not look like a number.",
  "I would like a polite answer to this message that says no without closing the door for next year.",
  "Rain is expected until Thursday, so the outdoor market moves into the hall behind the station.",
  "Compare both designs, say which one you would choose for a team of four, and name its weakest point.",
  "The index grew to nine gigabytes after the import, and most queries never touch half of its columns.",
  "Students should be able to follow the argument without having read the earlier chapters.",
  "He asked whether the figures in the table include taxes, and nobody in the meeting knew for sure.",
  "If the sensor reports nothing for ten minutes, the pump has to stop and somebody must be told.",
  "Translate the label into plain words, because the people who fill in the form are not engineers.",
  "The lock is taken before the cache is read, which is why a slow query blocks everybody else.",
  "There is a draft of the speech below; it is too long by a third and repeats its best joke.",
  "Walk through the function line by line and tell me where an empty list would break it.",
] as const;

/** Modulus and factor of a Lehmer generator (Park and Miller 1988): the same sequence on every machine. */
const MODULUS = 2_147_483_647;
const FACTOR = 48_271;

/** English prose of exactly `chars` characters (ASCII, so also bytes); another `seed` (1 and up), another text. */
export function prose(chars: number, seed: number): string {
  let state = seed;
  let text = "";
  while (text.length < chars) {
    state = (state * FACTOR) % MODULUS;
    text += `${SENTENCES[state % SENTENCES.length]} `;
  }
  return `${text.slice(0, chars - 1)}.`;
}

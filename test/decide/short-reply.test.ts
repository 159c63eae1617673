import { describe, expect, it } from "vitest";
import { SHORT_REPLIES } from "../../src/decide/short-replies.ts";
import { isShortReply } from "../../src/decide/short-reply.ts";

describe("isShortReply()", () => {
  it("knows each entry of the list, with others beside it too", () => {
    const isKnown = (reply: string) =>
      [reply, `${reply}!`, `Ok, ${reply}`, `${reply} — danke`].every(isShortReply);
    expect(SHORT_REPLIES.filter((reply) => !isKnown(reply))).toEqual([]);
  });

  it.each([
    "yes",
    "Yes!",
    "  go on  ",
    "OK.",
    "👍",
    "...",
    "",
    "Danke!",
    "好的",
    "はい。",
    "네",
    "да",
    "d'accord",
    "ok, thanks",
    "Yes please, go ahead and continue.",
    "好的，谢谢",
    "ja, mach weiter bitte",
    ...["3", "2)", "#4711", "15:30", "12/05/2024", "+49 151 12345678", "100 €", "٣"],
    ...["Continue from where you left off.", "Ok, resume where you left off", "proceed with the plan"],
    ...["thank you very much", "Thanks a lot!", "sounds great", "go for it", "yes do that", "makes sense"],
    ...[
      "of course",
      "great job",
      "Yes, go for it.",
      "Yep do that",
      "ok sounds great, thanks!",
      "that’s perfect",
    ],
    ...["That makes sense to me.", "Yes, that sounds really good, thank you so much!", "please"],
    ...["vielen dank", "ja, das klingt sehr gut", "merci beaucoup", "oui, c'est très bien", "muchas gracias"],
    ...[
      "sí, muy bien",
      "grazie mille",
      "muito obrigado",
      "большое спасибо",
      "çok teşekkürler",
      "dank je wel",
    ],
    ...[
      "bardzo dziękuję",
      "谢谢你",
      "好的谢谢",
      "好的，非常感谢！",
      "太好了，请继续吧",
      "謝謝",
      "はい、お願いします",
    ],
    ...["ありがとうございます", "OKです", "네, 정말 감사합니다", "شكرا جزيلا", "बहुत बहुत धन्यवाद"],
    // A letter and its mark as two characters.
    ...["très bien".normalize("NFD"), "बहुत बढ़िया".normalize("NFD")],
    // 60 characters, the most that can be a short reply.
    `${"yes ".repeat(14)}yes.`,
  ])("sees no signal in %j", (text) => {
    expect(isShortReply(text)).toBe(true);
  });

  it.each([
    "yes, and prove it",
    "no way to do this in O(n)?",
    "why",
    "go on and refactor it",
    "Where did you leave off?",
    "Write the plan.",
    "yes, but faster",
    "continue with step 4",
    "x = 4",
    "3rd",
    "хорошо, почему?",
    `${"yes ".repeat(14)}yes..`,
    ...["yes, and add tests for the parser", "thanks, now in French", "ok, what about the second one?"],
    ...["is that correct?", "really?", "and then?", "very much", "that", "why not do that", "that is wrong"],
    ...[
      "it does not work",
      "danke, und jetzt auf Englisch",
      "好的，再写一个测试",
      "谢谢，为什么？",
      "对吗",
      "はい、テストも書いて",
    ],
  ])("sees a signal in %j", (text) => {
    expect(isShortReply(text)).toBe(false);
  });
});

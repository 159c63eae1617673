import type { CategoryWords } from "./category-words.ts";

export const QUESTION_WORDS: CategoryWords = {
  task: `
    what is, what are, what's, who is, who was, who wrote, who invented, define, definition of, meaning of,
    explain, tell me about, erklär*, definier*, was ist, was sind, explique*, définis*, qu'est-ce, qué es,
    qué son, explica*, o que é, o que são, cos'è, spiega*, wat is, leg uit, co to jest, wyjaśnij*, co je,
    vysvětli*, vad är, förklara*, что такое, кто такой, объясни*, 是什么, 什么是, 解释, とは, 説明, 무엇, 설명, ما هو, ما هي,
    اشرح, क्या है, समझा*, nedir, açıkla*, là gì, giải thích, apa itu, jelaskan`,
  topic: `
    what was, what were, what does, what do, when did, when was, when is, where is, where are, where was,
    what year, which country, capital of, how does, how is, how are, why is, why are, why does, why do,
    what happened, how old, how tall, how big, what kind of, what type of, stand for, was bedeutet, wer ist,
    wer war, wann, wo ist, wo liegt, warum, wie funktioniert, c'est quoi, qui est, quand, où se, pourquoi,
    comment fonctionne, quelle est, quel est, quién, cuándo, dónde, por qué, cómo funciona, define*, cuál es,
    quem é, quando foi, onde fica, por que, como funciona, defina*, qual é, para que serve, che cos'è, chi è,
    quando è, dove si, perché, come funziona, qual è, wie is, waarom, hoe werkt, kto, kiedy, dlaczego, kdo je,
    kdy, proč, vem är, varför, hvad er, hva er, mikä on, mi az, ki volt, miért, magyarázd*, ce este, cine,
    кто, когда, где, почему, зачем, как работает, какой, какая, какие, що таке, поясни*, 谁是, 是谁, 何时, 哪里, 为什么,
    介绍, 什么, 说明, 吗, 呢, 何ですか, 誰, いつ, どこ, なぜ, 教えて, 뭐, 누구, 언제, 어디, 왜, 알려, من هو, متى, أين, لماذا, कौन, कब, कहाँ,
    क्यों, kim, ne zaman, nerede, neden, ai là, khi nào, ở đâu, tại sao, siapa, kapan, dimana, mengapa,
    kenapa, apa yang`,
  hint: `
    what, who, when, where, why, how, which, does, can i, is it, is there, difference, work, works, describe,
    use of, used for, 意思, 含义, 哪个, 哪些, what are the main, how do, how can i, how to, how should, 如何, 怎么,
    comment, como, wie kann ich, как`,
};

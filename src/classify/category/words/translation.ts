import type { CategoryWords } from "./category-words.ts";

export const TRANSLATION_WORDS: CategoryWords = {
  task: `
    translate, how do you say, how to say, what is the word for, say in french, say in spanish, say in german,
    mean in english, in your native language, into english, into french, into german, into spanish,
    into chinese, into japanese, into italian, into russian, into portuguese, into korean, into arabic,
    to english:, from english to, übersetz*, wie sagt man, auf englisch heißt, ins englische, ins deutsche,
    traduis*, traduire, traduction*, comment dit-on, en anglais, traduce*, traduzca*, traducir, traducción,
    cómo se dice, al inglés, traduza*, traduzir, tradução, como se diz, para o inglês, traduci*, tradurre,
    traduzione, come si dice, in inglese, vertaal*, vertaling, hoe zeg je, przetłumacz*, tłumacz*,
    jak powiedzieć, přelož*, prelož*, översätt*, oversæt*, oversett*, käännä, fordítsd*, переведи*, перевод*,
    как сказать, как будет, на английский, переклади*, преведи*, 翻译, 译成, 译为, 英译, 用英语怎么说, 用英文怎么说, 怎么说, 翻譯, 翻訳,
    英語で, 訳して, 和訳, 英訳, 번역, 영어로, ترجم, ترجمة, بالإنجليزية, ترجمه, अनुवाद, çevir*, tercüme, nasıl denir, dịch,
    tiếng anh là, terjemah*, bahasa inggrisnya, แปล, תרגם, μετάφρασε`,
  topic: `
    translation`,
  hint: `
    in english, in french, in spanish, in german, in chinese, in japanese, in italian, in russian,
    in portuguese, in korean, in arabic, in hindi, in polish, in dutch, in turkish`,
};

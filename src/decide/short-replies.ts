/** Replies that ask for nothing new: they keep the tier that the conversation has. */
export const SHORT_REPLIES: readonly string[] = listed([
  // English
  "yes, yep, yeah, yup, y, no, nope, nah, n, ok, okay, k, sure, right, correct, agreed, i agree",
  "exactly, absolutely, definitely, certainly, indeed, true, of course, thanks, thank you, thank u, thx",
  "ty, cheers, many thanks, much appreciated, appreciate it, thanks a million, thanks for your help",
  "thanks for the help, thank you for your help, great, perfect, nice, cool, good, fine, excellent",
  "awesome, amazing, wonderful, super, fantastic, brilliant, lovely, alright, all right, all good",
  "well done, great job, good job, nice job, great work, good work, nice work, good idea, great idea",
  "good point, fair enough, love it, i love it, i like it, done, got it, understood, i see",
  "i understand, roger, wow, lgtm, looks good, looks great, looks right, sounds good, sounds great",
  "sounds perfect, makes sense, that works, it works, works great, works for me, that worked, it worked",
  "go on, go ahead, go for it, let's go, continue, proceed, next, do it, do that, do so, let's do it",
  "let's do that, ship it, please, please do, try again, again, more, keep going, carry on, resume, no problem",
  "no worries, will do, you got it",
  // German
  "ja, jawohl, jo, nein, nee, okay, klar, na klar, natürlich, sicher, gerne, gern, danke, dankeschön",
  "danke schön, danke sehr, vielen dank, besten dank, herzlichen dank, tausend dank, bitte, gut, genau",
  "passt, stimmt, richtig, super, toll, klasse, perfekt, prima, wunderbar, ausgezeichnet, gut gemacht",
  "gute arbeit, alles klar, in ordnung, verstanden, einverstanden, klingt gut, sieht gut aus",
  "macht sinn, ergibt sinn, weiter, mach weiter, weiter so, mach das, mach es, tu das, leg los",
  "los geht's, nur zu, nochmal",
  // French
  "oui, non, ouais, merci, merci beaucoup, merci bien, mille mercis, parfait, super, génial, excellent",
  "très bien, c'est parfait, c'est bon, c'est bien, ça marche, ça me va, d'accord, entendu, compris",
  "bien sûr, exactement, volontiers, bon travail, bien joué, bravo, bien, continue, continuez, poursuis",
  "poursuivez, vas-y, allez-y, fais-le, faites-le, fais ça, s'il te plaît, s'il vous plaît, encore",
  "suivant",
  // Spanish
  "sí, si, no, gracias, muchas gracias, mil gracias, muchísimas gracias, perfecto, genial, excelente",
  "estupendo, muy bien, bien, bueno, buen trabajo, claro, claro que sí, vale, dale, por supuesto",
  "de acuerdo, está bien, suena bien, tiene sentido, exacto, entendido, correcto, continúa, continúe",
  "sigue, sigue así, adelante, hazlo, haz eso, por favor, otra vez",
  // Italian
  "sì, grazie, grazie mille, mille grazie, molte grazie, perfetto, ottimo, ottimo lavoro, benissimo",
  "molto bene, bene, fantastico, eccellente, certo, certamente, va bene, d'accordo, ha senso, esatto",
  "giusto, capito, continua, vai, vai avanti, avanti, procedi, fallo, per favore, ancora",
  // Portuguese
  "sim, não, obrigado, obrigada, muito obrigado, muito obrigada, perfeito, ótimo, excelente, muito bem",
  "muito bom, bom trabalho, ótimo trabalho, claro, com certeza, tá bom, está bem, tudo bem, beleza",
  "faz sentido, exato, isso, isso mesmo, entendi, continue, continua, pode continuar, pode ser",
  "prossiga, siga em frente, vá em frente, faça isso, por favor",
  // Russian
  "да, нет, ага, спасибо, большое спасибо, спасибо большое, благодарю, хорошо, отлично, прекрасно",
  "замечательно, супер, ок, окей, ладно, понятно, понял, поняла, ясно, конечно, согласен, согласна",
  "верно, правильно, точно, именно, молодец, звучит хорошо, имеет смысл, продолжай, продолжайте, дальше",
  "давай, сделай это, пожалуйста, ещё раз",
  // Turkish
  "evet, hayır, teşekkürler, çok teşekkürler, teşekkür ederim, çok teşekkür ederim, sağ ol, sağol",
  "harika, mükemmel, süper, güzel, iyi, çok iyi, tamam, olur, peki, elbette, tabii, tabii ki, doğru",
  "aynen, anladım, mantıklı, kulağa hoş geliyor, devam, devam et, devam edin, yap, lütfen, tekrar",
  // Dutch
  "ja, nee, bedankt, hartelijk bedankt, dank je, dank je wel, dankjewel, dank u, dank u wel",
  "hartelijk dank, graag, natuurlijk, zeker, prima, goed, goed gedaan, goed werk, mooi, top, geweldig",
  "oké, akkoord, begrepen, klopt, precies, klinkt goed, ziet er goed uit, ga door, ga verder, doe maar",
  "doe dat, verder, alsjeblieft, alstublieft, nog een keer",
  // Polish
  "tak, nie, dzięki, wielkie dzięki, dziękuję, dziękuję bardzo, bardzo dziękuję, świetnie, super",
  "doskonale, idealnie, dobrze, dobra, dobra robota, okej, jasne, oczywiście, zgoda, dokładnie",
  "rozumiem, ma sens, brzmi dobrze, dalej, kontynuuj, zrób to, proszę",
  // Chinese
  "好, 好的, 好吧, 好啊, 好了, 是, 是的, 不, 不用, 不用了, 对, 对的, 没错, 嗯, 行, 可以, 可以的, 谢谢",
  "谢谢你, 谢谢您, 多谢, 感谢, 非常感谢, 太好了, 很好, 非常好, 太棒了, 很棒, 不错, 完美, 没问题, 当然",
  "当然可以, 同意, 有道理, 明白, 明白了, 知道了, 懂了, 了解, 辛苦了, 继续, 请继续, 继续吧, 做吧, 开始吧",
  "就这样, 就这么做, 下一步, 再来, 對, 對的, 沒錯, 謝謝, 謝謝你, 謝謝您, 多謝, 感謝, 非常感謝, 沒問題",
  "當然, 繼續, 請繼續",
  // Japanese
  "はい, いいえ, うん, ええ, そうです, そうですね, ありがとう, ありがとうございます, どうもありがとう",
  "どうもありがとうございます, ありがとうございました, 助かります, 助かりました, 了解, 了解です",
  "了解しました, わかりました, 分かりました, わかった, なるほど, もちろん, もちろんです, いいね",
  "いいですね, いいよ, 素晴らしい, 素晴らしいです, すごい, 完璧, 完璧です, 大丈夫, 大丈夫です, オーケー",
  "オッケー, 続けて, 続けてください, 続き, 進めて, 進めてください, 次, 次へ, お願い, お願いします",
  "よろしく, よろしくお願いします, それでお願いします, やってください",
  // Korean
  "네, 예, 응, 아니요, 아니, 감사합니다, 고맙습니다, 고마워, 고마워요, 좋아, 좋아요, 좋습니다, 좋네요",
  "훌륭해요, 완벽해요, 완벽합니다, 잘했어, 잘했어요, 물론, 물론이죠, 물론입니다, 그래, 그래요, 맞아",
  "맞아요, 맞습니다, 알겠습니다, 알겠어요, 알았어, 이해했어요, 이해했습니다, 오케이, 계속, 계속해",
  "계속해줘, 계속해 줘, 계속해주세요, 계속해 주세요, 진행해줘, 진행해 줘, 진행해 주세요, 그렇게 해줘",
  "그렇게 해 주세요, 부탁해, 부탁해요, 부탁합니다, 부탁드립니다",
  // Arabic
  "نعم, لا, أجل, شكرا, شكراً, شكرًا, شكرا لك, شكرا جزيلا, شكراً جزيلاً, حسنا, حسناً, حسنًا, تمام, ممتاز",
  "رائع, عظيم, جيد, جيد جدا, أحسنت, موافق, صحيح, بالضبط, فهمت, منطقي, بالتأكيد, بالطبع, طبعا, طبعاً",
  "استمر, تابع, واصل, أكمل, افعل ذلك, من فضلك",
  // Hindi
  "हाँ, हां, जी, जी हाँ, जी हां, नहीं, धन्यवाद, बहुत धन्यवाद, बहुत बहुत धन्यवाद, शुक्रिया",
  "बहुत शुक्रिया, ठीक, ठीक है, सही, सही है, अच्छा, बहुत अच्छा, बढ़िया, बहुत बढ़िया, शानदार, बिल्कुल",
  "ज़रूर, समझ गया, समझ गई, जारी रखें, आगे बढ़ें, आगे बढ़ो, कृपया",
]);

/** Words beside short replies that add nothing to them: alone they are none. */
export const WORDS_BESIDE: readonly string[] = listed([
  // They join.
  "and, then, just, so, well, und, dann, et, alors, y, e, и, ve, en, i",
  // They make more of it.
  "very much, so much, a lot, very, really, totally, absolutely, indeed, pretty, too, all, sehr",
  "wirklich, ganz, très, vraiment, tout, muy, mucho, realmente, molto, davvero, muito, mesmo, очень",
  "çok, heel, erg, echt, bardzo, naprawdę, 非常, 真的, 太, 很, とても, 本当に, 정말, 정말로, 아주, 너무",
  "매우, جدا, جداً, बहुत",
  // They say what or whom it is about.
  "where you left off, from where you left off, with the plan, as planned",
  "that, that's, that is, that looks, that sounds, this, this is, this looks, it, it's, it is, it looks",
  "it sounds, everything, to me, for me, with that, with it, with this, you, das, das ist, das klingt",
  "das sieht, es, c'est, ça, eso, todo, è, é, это, oh, ah, hm, hmm, mate, man, guys, です, ですね, 了",
  "吧, 啊, 呀, 哦, 啦, 的",
]);

function listed(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => line.split(", "));
}

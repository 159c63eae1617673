import type { CategoryWords } from "./category-words.ts";

export const WRITING_WORDS: CategoryWords = {
  task: `
    essay, poem, haiku, limerick, sonnet, lyrics, story, short story, novel, fan fiction, screenplay, speech,
    blog post, article, letter, cover letter, email, e-mail, tweet, slogan, tagline, advertisement,
    press release, product description, summarize, summarise, summary, tl;dr, paraphrase, rephrase, rewrite,
    reword, proofread, elaborate on, brainstorm, ideas for, write a story, write an email, write about, fasse,
    zusammenfass*, gedicht*, aufsatz, ideen für, résume*, résumé, poème*, rédige*, reformule*, idées, resume*,
    resumen*, poema*, redacta*, reescribe*, ideas para, resuma*, resumo, conto*, reescreva*, riassumi*,
    riscrivi*, racconto*, vat samen, samenvat*, herschrijf*, verhaal*, streść*, opowiadanie*, wiersz*, shrň*,
    příběh*, sammanfatta*, berättelse, стих*, рассказ*, эссе, сочинени*, резюмир*, перепиши*, сказк*,
    кратко излож*, 写一篇, 写一首, 写一封, 作文, 总结, 概括, 摘要, 改写, 润色, 文案, 写一段, 撰写, 仿写, 头脑风暴, 要約, 書き直, 俳句, 요약, 에세이, لخص,
    सारांश, özetle*, tóm tắt, ringkas*, dialogue, standup, write a scene, write a note, final note,
    make it funny, write a short, write a brief, in the style of, 扩写, 作诗, 写出, 续写, 劇本, 台詞, ラノベ, あらすじ, 物語を, 詩を,
    歌词, thơ, bài viết, viết một, kịch bản, песн*, тост, сочини*, придумай*, шутк*, поздравлени*, текст для,
    подводк*, сценари*, описани*, post de, crea un post, historia, personaje*, cuento*, diário, roteiro*,
    texto, scénář*, povídk*, kurzgeschichte*, geschichte, dialog*, شعر, قصه, 시나리오, 가사, opowieś*, verhaal,
    blog, song, rap song, rap歌词`,
  topic: `
    fanfic*, monologue, toast, cv, caption, headline, title for, ad for, joke, riddle about, paragraph,
    itinerary, proposal, business proposal, newsletter, social media, invitation, rubric, shorten, expand the,
    make it sound, formal tone, more formal, edit the, improve the text, grammar, creative, character,
    chapter, plot, diary, journal entry, template for, documentation, patient education, announcement, funny,
    sentence using, sentences using, words or less, bullet points, geschichte über, brief an, e-mail an,
    schreibe um, formulier*, histoire sur, histoire courte, lettre*, article sur, discours, carta*, correo*,
    ensayo*, discurso, e-mail para, redija*, redação, poesia*, lettera*, gedicht, brief, list do, báseň,
    történet*, foglald össze, письмо, статью, историю, идеи, 文章, 诗, 故事, 小说, 邮件, 演讲稿, 标题, 剧本, 心得, 宣传, 广告, 詩,
    物語, 小説, メール, 手紙, 文章を, 시를, 이야기, 소설, 이메일, 편지, 글을, قصيدة, قصة, رسالة, مقال, कविता, कहानी, पत्र, निबंध, şiir*,
    hikaye*, mektup*, e-posta, makale, bài thơ, câu chuyện, bức thư, bài luận, puisi, cerita, surat, esai,
    documentary, anime, scene, characters, fiction, style, 内容如下, 字左右, 语气, 风格, 优化一下, 题为, 起名, 押韵, 对仗, 韵律, 自我介绍,
    话术, 帮我写, redewrite, name for, names for, script for a`,
  hint: `
    write, draft, compose, create, generate, describe, tone, audience, words, paragraphs, sentences, title,
    text, professional, polite, response should, your response, entire response, highlight, creative, imagine,
    book, movie, plan for, schreib*, verfasse*, écris*, escribe*, escreva*, scrivi*, schrijf*, napisz*,
    napiš*, skriv*, írj*, напиши*, 写, 请写, 生成, 書いて, 써줘, 작성, اكتب, लिखो, लिखें, yaz, viết, tulis*, buatkan,
    story outline, note`,
};

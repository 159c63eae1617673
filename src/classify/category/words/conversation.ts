import type { CategoryWords } from "./category-words.ts";

export const CONVERSATION_WORDS: CategoryWords = {
  task: `
    pretend to be, act as, act like, role play, roleplay, role-play, you will play, play the part,
    tell me a joke, how are you, 扮演, 充当, 假如你是, 想象你是, 模仿, 你是谁, 你会如何, 你会怎么, 你会怎样, 你将扮演, 你现在是, 如果你是, 假设你, 现在你是,
    你的角色是, 请你扮演, 延续对话, 你要怎么做, 你该如何, 你是一个, 你是一位, 你是一名, 你在, 我们来模拟`,
  topic: `
    hello, hi, hey, hi there, good morning, good evening, good night, how's it going, what's up,
    nice to meet you, thanks, thank you, bye, goodbye, see you, well done, okay, lol, i feel, i'm feeling,
    feeling sad, my day, talk to me, chat with me, who are you, your name, are you an ai, are you human,
    do you like, hallo, guten morgen, guten tag, guten abend, danke, tschüss, wie geht's, wie geht es dir,
    bonjour, salut, bonsoir, merci, au revoir, ça va, comment vas-tu, hola, buenos días, buenas tardes,
    gracias, adiós, qué tal, cómo estás, olá, oi, bom dia, boa tarde, obrigado, obrigada, tchau, tudo bem,
    ciao, buongiorno, grazie, arrivederci, come stai, goedemorgen, dank je, bedankt, hoe gaat het, cześć,
    dzień dobry, dziękuję, ahoj, dobrý den, děkuji, hej, tack, tak skal du, takk, kiitos, szia, köszönöm,
    salutare, mulțumesc, привет, здравствуй*, доброе утро, спасибо, как дела, пока, добрый день, дякую,
    здравей, 你好, 您好, 谢谢, 早上好, 晚上好, 再见, 假设你是, 安慰, こんにちは, おはよう, こんばんは, ありがとう, さようなら, 元気ですか, 안녕, 감사합니다, 고마워,
    잘 지내, مرحبا, السلام عليكم, شكرا, كيف حالك, नमस्ते, धन्यवाद, कैसे हो, आप कैसे, merhaba, selam, günaydın,
    teşekkür*, nasılsın, xin chào, cảm ơn, bạn khỏe không, halo, selamat pagi, terima kasih, apa kabar,
    สวัสดี, ขอบคุณ, שלום, תודה, γεια, ευχαριστώ, hello there`,
  hint: `
    feel, feeling, friend, love, happy, sad, lonely, bored, favorite, favourite, chat, talk, nice, great,
    perfect, sorry, 开心, 难过, you are a, do you think, 我, 朋友`,
};

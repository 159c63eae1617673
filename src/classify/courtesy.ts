import { rememberRecent } from "../request/recent.ts";
import type { HumanTurn } from "../request/route-request.ts";
import { withoutSmallTalk } from "./small-talk.ts";

/** Openings that ask for nothing; a name may follow one, and marks must. */
const GREETINGS = [
  "hi there|hi all|hi everyone|hi|hello there|hello everyone|hello|hey there|hey|good morning|good afternoon|good evening|greetings",
  "hallo zusammen|hallo|guten morgen|guten tag|guten abend|moin|servus|bonjour|salut|bonsoir|hola|buenos días|buenas tardes|buenas",
  "olá|oi|bom dia|boa tarde|boa noite|ciao|buongiorno|buonasera|salve|goedemorgen|goedendag|hoi|cześć|dzień dobry|witam",
  "ahoj|dobrý den|hej|hei|god morgon|szia|jó napot|bună ziua|bună|merhaba|selam|günaydın|xin chào|halo|selamat pagi",
  "привет всем|привет|здравствуйте|здравствуй|добрый день|доброе утро|добрый вечер|привіт|доброго дня|здравей",
  "你好|您好|大家好|早上好|晚上好|嗨|こんにちは|おはようございます|こんばんは|안녕하세요|مرحبا|السلام عليكم|नमस्ते|สวัสดี",
].join("|");

/** Openings that only say that something will be asked. */
const LEAD_INS = [
  "(?:could|can|would|will) you (?:please |kindly )?help me(?: out)?(?: with (?:the following|this|something))?(?:,? please)?",
  "please help me(?: out)?(?: with (?:the following|this))?|i need (?:some |your )?help with (?:the following|this)|i have a question",
  "könntest du mir bitte (?:bei folgendem|damit) helfen|kannst du mir (?:bitte )?(?:bei folgendem |damit )?helfen|ich habe eine frage",
  "peux-tu m'aider(?: avec ceci)?(?:,? s'il te plaît)?|pouvez-vous m'aider(?:,? s'il vous plaît)?|j'ai une question",
  "¿?(?:podrías|puedes) ayudarme(?: con (?:lo siguiente|esto))?(?:,? por favor)?|tengo una pregunta",
  "(?:você )?(?:poderia|pode) me ajudar(?: com (?:o seguinte|isto|isso))?(?:,? por favor)?|tenho uma pergunta",
  "puoi aiutarmi(?:,? per favore)?|ho una domanda|помогите,? пожалуйста(?:,? со следующим)?|помоги,? пожалуйста|у меня вопрос",
  "请帮我处理下面的问题|请帮帮我|请问一下|我有一个问题|質問があります|お願いします|질문이 있습니다",
].join("|");

/** Closings that ask for nothing. */
const THANKS = [
  "(?:many )?thanks(?: a lot| so much)?(?: in advance)?|thank you(?: so much| very much)?(?: in advance)?|thx|ty|cheers|much appreciated",
  "vielen dank(?: im voraus)?|danke(?: schön| im voraus)?|merci(?: beaucoup)?(?: d'avance)?|(?:muchas )?gracias(?: de antemano)?",
  "(?:muito )?obrigad[oa](?: desde já)?|(?:molte )?grazie(?: in anticipo| mille)?|(?:hartelijk )?dank je(?: wel)?|alvast bedankt|bedankt",
  "dziękuję(?: z góry)?|z góry dziękuję|děkuji(?: předem)?|předem děkuji|tack(?: på förhand)?|tak på forhånd|takk|kiitos(?: etukäteen)?",
  "köszönöm(?: előre is)?|mulțumesc(?: anticipat)?|(?:şimdiden )?teşekkürler|cảm ơn(?: bạn)?|terima kasih",
  "(?:заранее )?(?:большое )?спасибо(?: заранее)?|(?:заздалегідь )?дякую",
  "先谢谢了|谢谢你?|多谢|感谢|ありがとう(?:ございます)?|(?:미리 )?감사합니다|고마워요?|شكرا(?: لك| مقدما)?|धन्यवाद|ขอบคุณ",
].join("|");

/** What an answer is for, in brackets at the end: "(for my history class)", not "(for all x)". */
const PURPOSE_WORDS = [
  "(?:(?:it's|this is) )?for (?:my|our|a|an|the|school|class|homework|work|fun)|für (?:mein|unser|ein|die|den|das)\\p{L}*",
  "pour (?:mon|ma|mes|notre|nos|le|la|les|un|une)|para (?:mi|mis|meu|minha|nossa|nuestra|la|el|una?|a|o|uma?)",
  "per (?:il|la|un|una|mio|mia)|voor (?:mijn|onze|de|het|een)|dla|pro|för (?:min|mitt|en|ett)|til (?:min|mit|en|et)|для|用于|用於",
].join("|");

const PURPOSE = new RegExp(`[(（](?:${PURPOSE_WORDS})(?!\\p{Script=Latin})[^()（）\\n]{1,60}[)）]$`, "iu");

const MARKS = "[\\s,.!?;:，。！？：、؟…—–]";

const OPENING = new RegExp(
  `^(?:¡?(?:${GREETINGS})(?: \\p{L}{1,20})?(?=${MARKS})|(?:${LEAD_INS})(?=\\s*[.!?:,。？！：\\n]))(?!\\s+\\p{L})${MARKS}+`,
  "iu",
);

const CLOSING = new RegExp(
  `¡?(?<!\\p{Script=Latin}|\\p{Script=Cyrillic})(?:${THANKS})(?<marks>[\\s.!。！~🙏]*)$`,
  "iu",
);

/** What a sentence ends with, or a clause that thanks may follow. */
const ENDS_CLAUSE = /[.!?…。！？,，;；)）\n—–-]\s*$/u;

/** Code units at either end in which courtesies are looked for, those in which thanks are, and how many may follow each other. */
const REACH = 160;
const THANKS_REACH = 80;
const MOST = 3;

/**
 * A turn without greeting, lead-in, small talk, thanks and purpose around what it asks for, so that manners move no score; a turn of
 * nothing else stays as it is. Bounded: only the two ends are looked at.
 */
export const withoutCourtesies: (turn: HumanTurn) => HumanTurn = rememberRecent(strip);

function strip(turn: HumanTurn): HumanTurn {
  const text = stripManners(turn.text.trim());
  if (text === "" || text === turn.text) return turn;
  return { text, chars: Math.max(text.length, turn.chars - (turn.text.length - text.length)) };
}

/** Small talk may stand before thanks and behind a greeting, and the other way round. */
function stripManners(text: string): string {
  const stripped = withoutSmallTalk(stripEnd(stripStart(text)));
  return stripped === text ? text : stripEnd(stripStart(stripped));
}

function stripStart(text: string): string {
  let rest = text;
  for (let i = 0; i < MOST; i += 1) {
    const found = OPENING.exec(rest.slice(0, REACH))?.[0] ?? "";
    if (found === "") return rest;
    rest = rest.slice(found.length);
  }
  return rest;
}

function stripEnd(text: string): string {
  let rest = text;
  for (let i = 0; i < MOST; i += 1) {
    const end = rest.slice(-REACH);
    const at = Math.max(end.search(PURPOSE), startOfThanks(end));
    if (at === -1) return rest;
    rest = rest.slice(0, rest.length - end.length + at).trimEnd();
  }
  return rest;
}

/** Where thanks begin that stand for themselves, -1 where none do: "how do you say thank you" stays. */
function startOfThanks(end: string): number {
  const from = Math.max(0, end.length - THANKS_REACH);
  const found = CLOSING.exec(end.slice(from));
  if (found === null) return -1;
  const [thanks] = found;
  const at = from + found.index;
  const isSentence = thanks !== thanks.toLowerCase() || !/\p{Ll}/u.test(thanks);
  const hasMarks = found.groups?.marks?.trim() !== "";
  const isApart = ENDS_CLAUSE.test(end.slice(0, at)) || (isSentence && hasMarks);
  return isApart ? at : -1;
}

/** Words that carry no task: grammar, and what people say of themselves, of each other, and of what an answer is for. */
const IDLE = new Set(
  `a about actually after again ago all already also always am an and another any anything are as at away back be because been before being
  both but by can could did do does doing done each even ever every everyone everything few for from had has have having he her here
  him his how i if in into is it its itself just kind last later less let like little long lot lots many may maybe me might mine more most much my
  myself never next no not nothing now of off often ok okay on once one or our out over own perhaps please pretty quite rather really right same she
  should since so some something somebody someone soon sort still such than that the their them then there these they thing things this those
  though till time times to today tomorrow tonight too truly two under until up us very was way we well were what when where which while who
  will with without would yes yesterday yet you your yours yourself
  i'd i'm i've i'll it's that's there's you're you've you'd we're we've we'd don't can't couldn't didn't won't isn't wasn't haven't i’d i’m i’ve i’ll it’s
  afternoon amazing appreciate appreciated asked asking ask awesome beautiful best better big bit bless bother bothering boss busy care chance cheers
  class client coffee colleague colleagues coming course curious customer day days dear deadline desk due early enjoy evening everybody excellent
  excuse exam family fantastic far favor favour feel feeling feels fine finally first found friday friend friends fun get gets getting give given glad go going gonna
  good got grateful great guess guys hand handed happy hard hear hello help helped helpful helping helps hey hi homework hope hoping hour hours
  indulge interested job keep kids kind kindly kindness know late lately learn learning look looked looking looks love lovely luck made make makes manager
  matter mean means meant meeting mentioned mind minute minutes moment monday month months morning mother need needed needs new nice night old opportunity paper
  patience patient people pleasant please pleased pleasure presentation problem professor project promise put question questions quick quickly
  read reading ready reply report review said saturday saw say saying says school see seen send sent share sir madam sorry start started stuck
  study studying struggling stuff submit sunday super support sure take taken takes taking talk talking teacher team tell tells thank thankful thanks
  think thinking thought thursday told tomorrow tried trouble try trying tuesday turn understand university useful wait waiting want wanted wants warm
  wednesday week weekend weeks weekly welcome whenever wish wishes wishing won't wonder wonderful wondering work worked working works worry worried year years
  advance answer assignment assistance assist effort greatly highly hearing forward moved regards sincerely best warmly handy finish finished while`.split(
    /\s+/,
  ),
);

/** Who speaks of oneself or to the other; a sentence without it is about something. */
const PERSON =
  /(?<!\p{L})(?:i|i['’](?:d|m|ve|ll)|me|my|we|us|our|you|your|thanks?|sorry|please|appreciated?|hope|hoping|cheers|greetings|regards)(?!\p{L})/iu;

/** What asks for something: such a sentence stays, as does one with a figure, a mark of code or a quotation. */
const ASKS = /[^\p{L}\p{M}\s,.!'’;:\-–—]/u;
const TASK =
  /(?<!\p{L})(?:how|what|why|who|whom|whose|which|tell me|show me|give me|help me (?:to )?(?!out|with this)\p{L}+|let me know (?!if|when)|i want to know|i need to know|i mean)(?!\p{L})/iu;

const WORD = /[\p{L}\p{M}]+(?:['’]\p{L}+)?/gu;

/** Words that are none of the above, in a sentence that is small talk nevertheless. */
const MOST_OTHERS = 1;
const MIN_WORDS = 3;
const MIN_WORDS_BESIDE_OTHER = MOST_OTHERS * MIN_WORDS + 1;
/** Code units of a beginning or an end that hold these words, and another that may be cut in two. */
const TAIL_CHARS = 48;
/** A longer sentence says something. */
const MAX_CHARS = 120;
const MOST_SENTENCES = 2;

/** A sentence at the start, with the blank behind it. */
const FIRST = /^[^.!?\n]{4,120}[.!]+\s+/u;

/** Where a last sentence may begin: behind a mark, or with a word that speaks of somebody where the mark was forgotten. */
const BEGINNINGS =
  /(?<=[.!?)。！？]\s+|\n\s*)(?=\S)|(?<=\s)(?=(?:I|I['’]\p{L}+|My|We|Our|You|Your|Thanks|Please|Sorry|Hope|Appreciate)\s)/gu;
const ONE_SENTENCE = /^[^.!?\n]+[.!]*$/u;

/**
 * A text without sentences at either end that ask for nothing: "Hope you are well.", "I need it for school on Monday."
 * Only English is known, by its words; where all is small talk the text stays as it is.
 */
export function withoutSmallTalk(text: string): string {
  let rest = text;
  for (let i = 0; i < MOST_SENTENCES; i += 1) {
    const shorter = withoutFirst(withoutLast(rest));
    if (shorter === rest) return rest;
    rest = shorter;
  }
  return rest;
}

function withoutFirst(text: string): string {
  const found = FIRST.exec(text.slice(0, MAX_CHARS + 2))?.[0] ?? "";
  const rest = text.slice(found.length);
  return found !== "" && rest !== "" && isSmallTalk(found) ? rest : text;
}

function withoutLast(text: string): string {
  const end = text.slice(-MAX_CHARS);
  // Most texts end with what they are about, or speak of nobody: then there is no sentence to find.
  if (endsInTask(end) || !PERSON.test(end)) return text;
  for (const { index } of end.matchAll(BEGINNINGS)) {
    const sentence = end.slice(index);
    const rest = text.slice(0, text.length - sentence.length).trimEnd();
    if (rest !== "" && ONE_SENTENCE.test(sentence) && isSmallTalk(sentence)) return rest;
  }
  return text;
}

/** Whether no last sentence can be small talk, by the fewest words that one with another word among them has. */
function endsInTask(end: string): boolean {
  const words = wordsOf(end.slice(-TAIL_CHARS));
  return (
    words.length > MIN_WORDS_BESIDE_OTHER && countOthers(words.slice(-MIN_WORDS_BESIDE_OTHER)) > MOST_OTHERS
  );
}

function isSmallTalk(sentence: string): boolean {
  if (countOthers(wordsOf(sentence.slice(0, TAIL_CHARS)).slice(0, -1)) > MOST_OTHERS) return false;
  if (ASKS.test(sentence) || TASK.test(sentence) || !PERSON.test(sentence)) return false;
  const words = wordsOf(sentence);
  const others = countOthers(words);
  return words.length >= MIN_WORDS && others <= MOST_OTHERS && others * MIN_WORDS < words.length;
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(WORD) ?? [];
}

function countOthers(words: readonly string[]): number {
  return words.filter((word) => !IDLE.has(word)).length;
}

import type { LanguageCode } from "./language-codes.ts";

/**
 * Short words that every longer text of a language has, the words that requests begin with, and those with which people
 * ask for help: lower case, parted by spaces. Only languages that share their script with another one need any. No "ai",
 * which stands for AI far more often than for a word of French, Italian or Vietnamese.
 */
export const FUNCTION_WORDS: Partial<Record<LanguageCode, string>> = {
  en: `a the of and to in is that for it with as on are this be by from or an at not have has was were will would can could
    should what which who how why when where do does did you your i my me we our they their its if than then there about
    into between each using use given write explain define give list make find please describe compare create summarize
    translate review generate convert tell let's i'm it's don't isn't no yes any some all more most other new but so such
    only also after before over under out up down without while during these those he she his her them us hello hi hey
    thanks thank good morning implement design build debug fix prove show calculate vs help test bye okay brainstorm rewrite extract classify derive solve read check
    need want add run remove change rename`,
  es: `el la los las un una unos unas de del al y o que en es son por para con sin no se su sus lo le les me mi mis tu tus como
    cómo qué cuál cuáles quién cuándo dónde cuánto cuántos más pero este esta estos estas ese esa entre sobre también muy
    hay ser está están fue era si sí cuando donde porque desde hasta cada todo todos toda todas otro otra escribe explica
    traduce diseña compara resume dame haz dime hola gracias crea implementa calcula demuestra construye función hacer
    puedes buenos buenas tal necesito ayuda ayúdame ayudarme quiero quisiera puedo`,
  de: `der die das den dem des ein eine einen einem einer eines und oder aber nicht ist sind war waren sein wird werden wurde
    haben hat hatte ich du er sie es wir ihr mich mir dich dir uns euch mein meine dein deine zu zum zur von vom mit für auf
    in im an am aus bei nach über unter zwischen durch gegen ohne um wie was wer wo wann warum wieso welche welcher welches
    wenn als dass ob weil denn auch noch nur schon sehr mehr kein keine kann können soll bitte schreibe schreib erkläre
    vergleiche übersetze erstelle entwirf zeige hallo danke guten gibt diese dieser dieses beweise fasse nenne habe ins bedeutet heißt welchen welchem verwendet
    brauche hilfe hilf helfen kannst könntest möchte bräuchte`,
  fr: `le la les un une des du de et ou où mais ne pas est sont était être a ont avoir je tu il elle nous vous ils elles on mon
    ma mes ton ta tes son sa ses notre votre leur leurs ce cet cette ces qui que quoi quel quelle quels quelles comment
    pourquoi quand combien dans sur sous avec sans pour par entre chez vers plus moins très aussi si au aux en se y écris
    écrire explique expliquer traduis conçois compare résume donne crée bonjour salut merci démontre montre c'est qu'est l'a
    d'un d'une qu'un qu'une fais peux comme sujet
    j'ai n'ai besoin aide aidez aider aide-moi veux voudrais j'aimerais pouvez`,
  pt: `o a os as um uma uns umas de do da dos das em no na nos nas e ou que é são foi era ser estar está estão por para com sem
    não se seu sua seus suas meu minha você vocês eu ele ela eles elas nós como qual quais quem quando onde quanto quantos mais
    mas este esta esse essa isso isto entre sobre também muito há cada todo todos toda todas ao à aos às pelo pela até desde
    porque escreva explique traduza projete compare resuma crie olá oi obrigado obrigada calcule prove demonstre faça diga uma
    implemente construa função tudo bem bom preciso ajuda ajude ajudar quero gostaria posso`,
  it: `il lo la i gli le un uno una di del dello della dei degli delle a al allo alla alle da dal dalla in nel nella nei con
    su sul sulla per tra fra e o ma non è sono era essere ho ha hanno io tu lui lei noi voi loro mio mia tuo suo sua che chi
    cosa come quando dove perché quale quali quanto quanti più molto anche se questo questa questi queste ogni tutto tutti
    scrivi spiega traduci progetta confronta riassumi crea ciao grazie buongiorno dammi dimmi calcola dimostra fai cos'è
    qual l'ho dell'a nell'a puoi ci si bisogno aiuto aiutami aiutarmi voglio vorrei posso`,
  nl: `de het een en of maar niet is zijn was waren wordt worden werd heb heeft had ik jij je hij zij ze wij we jullie mijn jouw
    uw ons onze van voor met op aan in uit bij naar over onder tussen door tegen zonder om te als dat die dit deze wat wie waar
    wanneer waarom hoe welke ook nog maar meer geen kan kunnen moet moeten zou er hier daar schrijf leg uit vertaal vergelijk
    maak ontwerp geef hallo dank bedankt goedemorgen alsjeblieft graag bewijs bereken vat samen
    mij kun nodig hulp helpen wil want`,
  sv: `och att det som en ett på är av för med den till inte om har de jag han hon vi ni min mitt din var från eller men så kan
    ska skulle vad hur varför när vilken vilket vilka hej tack skriv förklara översätt jämför skapa gör ge mig dig sig man där
    här också mycket mer än efter under mellan utan vid över denna detta dessa bara alla någon något sammanfatta beräkna bevisa
    behöver hjälp hjälpa vill`,
  da: `og at det som en et på er af for med den til ikke om har de jeg han hun vi min mit din var fra eller men så kan skal ville
    hvad hvordan hvorfor hvornår hvilken hvilket hej tak skriv forklar oversæt sammenlign lav giv mig dig sig man der her også
    meget mere end efter under mellem uden ved over denne dette disse kun alle nogen noget være blev bliver godmorgen hvor
    brug hjælp hjælpe vil`,
  no: `og at det som en et på er av for med den til ikke om har de jeg han hun vi min mitt din var fra eller men så kan skal ville
    hva hvordan hvorfor når hvilken hvilket hei takk skriv forklar oversett sammenlign lag gi meg deg seg man der her også mye
    mer enn etter under mellom uten ved over denne dette disse bare alle noen noe være ble blir ei hvor
    trenger hjelp hjelpe vil`,
  fi: `ja on ei se että en hän oli joka mutta niin kun kuin jos myös tai minä sinä me te he mitä mikä miten miksi milloin missä
    kuka mihin minne mistä ovat ole olla voi voit tämä tuo nämä sen sitä kanssa ennen jälkeen kaikki vain hyvin hei kiitos kirjoita selitä
    käännä vertaa luo tee anna minun sinun koska sekä vai todista laske tarvitsen apua haluan auta`,
  pl: `i w na z do nie się jest to że o jak co po za od dla przez przy czy ale lub oraz są był była było być ja ty on ona my wy
    oni mój moja twój jego jej ich ten ta te tym tego tej który która które kto gdzie kiedy dlaczego ile jaki jaka jakie też
    tylko bardzo już jeszcze więcej każdy napisz wyjaśnij przetłumacz porównaj zaprojektuj stwórz podaj cześć dziękuję dzień
    dobry mi proszę między udowodnij oblicz potrzebuję potrzebuje pomocy pomóż pomoz chcę chce napisac`,
  cs: `a v na z do ne se je to že o jak co po za od pro přes při ale nebo jsou byl byla bylo být já ty on ona my vy oni můj moje
    tvůj jeho její jejich ten ta tento tato který která které kdo kde kdy proč kolik jaký jaká jaké také jen velmi už ještě
    více každý napiš vysvětli přelož porovnej navrhni vytvoř uveď ahoj děkuji dobrý den mi prosím mezi si jsem dokaž
    potřebuji potřebuju pomoc pomoct chci`,
  sk: `a v na z do nie sa je to že o ako čo po za od pre cez pri ale alebo sú bol bola bolo byť ja ty on ona my vy oni môj moje
    tvoj jeho jej ich ten tá tento táto ktorý ktorá ktoré kto kde kedy prečo koľko aký aká aké tiež len veľmi už ešte viac
    každý napíš vysvetli prelož porovnaj navrhni vytvor uveď ahoj ďakujem dobrý deň mi prosím medzi si som dokáž
    potrebujem pomoc pomôcť chcem`,
  hu: `a az és nem hogy is egy van volt lesz ez azt ezt mint de ha vagy meg csak már még nagyon mi ki hol mikor miért hogyan
    hány melyik milyen én te ő mi ti ők nekem neked szerint alatt között után előtt nélkül írj írd magyarázd fordítsd hasonlítsd
    tervezz készíts adj szia köszönöm jó napot kérlek lehet kell több minden bizonyítsd számítsd
    segítség szükségem segíts szeretnék`,
  ro: `și în de la cu pe nu este sunt a fost fi un o unei unui ale al că ce cum când unde cine care cât câte de ce pentru prin
    din sau dar mai foarte dacă eu tu el ea noi voi ei mea meu ta tău sa său lor acest această acești scrie explică tradu
    compară proiectează creează dă fă bună salut mulțumesc te rog între fără după înainte nevoie ajutor ajută vreau`,
  tr: `ve bir bu da de ile için mi mı mu mü ne nasıl neden niçin nerede kim hangi kaç ben sen o biz siz onlar benim senin var yok
    değil daha çok en gibi kadar sonra önce ama veya ya her şey olan olarak olduğunu yaz açıkla çevir karşılaştır tasarla oluştur
    ver yap merhaba teşekkürler günaydın lütfen arasında nedir bana kanıtla hesapla yardım yardim istiyorum ihtiyacım`,
  vi: `và của là có cho không được một những các với trong này đó để khi thì mà như nào gì sao tại đâu bao nhiêu bạn tôi anh
    em chúng ta hãy viết giải thích dịch so sánh thiết kế tạo về từ trên dưới ra vào rất cũng đã đang sẽ xin chào cảm ơn giữa
    nếu vì hoặc hơn`,
  id: `yang dan di ke dari untuk dengan pada adalah ini itu tidak bukan atau juga akan sudah saya anda kamu kami kita mereka dia
    apa bagaimana mengapa kenapa kapan dimana siapa berapa mana tulis tuliskan jelaskan terjemahkan bandingkan rancang buat
    buatkan halo terima kasih tolong dalam antara seperti karena jika lebih sebuah oleh selamat pagi bisa buktikan hitung
    butuh bantuan bantu ingin mau`,
  ru: `и в не на что я с он как это по но из у за от о же для бы вы так или мы ты если когда где кто почему сколько какой какая
    какие который которая есть был была были быть мне меня мой моя твой его её их этот эта эти все всё уже ещё только очень
    между при без до через после напиши объясни переведи сравни создай спроектируй докажи привет спасибо чем такое реализуй
    построй разработай добрый какова`,
  uk: `і в не на що я з він як це по але із у за від о же для ви так або ми ти якщо коли де хто чому скільки який яка які є був
    була були бути мені мене мій моя твій його її їх цей ця ці все вже ще тільки дуже між при без до через після напиши поясни
    переклади порівняй створи спроєктуй доведи привіт дякую та чи яке й щоб`,
  bg: `и в не на че аз с той как това по но от за о же ще вие така или ние ти ако кога къде кой защо колко какъв каква какви който
    която е беше са бъде ми ме мой моя твой му ѝ им този тази тези всичко вече още само много между при без до през след напиши
    обясни преведи сравни създай докажи здравей благодаря какво да се съм няма`,
  ar: `في من على إلى أن ما هل هو هي هذا هذه كيف لماذا متى أين التي الذي مع عن كان لا أو و ثم بين كل اكتب اشرح ترجم قارن مرحبا شكرا`,
  fa: `و در به از که این را با است برای آن یک چه چرا چگونه کجا کی یا هم تا بر های می شود کنید بنویس بنویسید توضیح سلام ترجمه
    چیست بده بین`,
  ur: `اور کے کا کی میں ہے سے کو نے پر یہ وہ کیا کیسے کیوں کب کہاں ہیں لکھیں بتائیں شکریہ ایک`,
};

/** Letters and marks that few languages have: the languages by letters. */
export const TELLING_LETTERS: readonly (readonly [letters: string, languages: readonly LanguageCode[]])[] = [
  ["ß", ["de"]],
  ["äö", ["de", "sv", "fi"]],
  ["ü", ["de", "tr", "hu"]],
  ["ñ¿¡", ["es"]],
  ["ãõ", ["pt"]],
  ["ç", ["fr", "pt", "tr"]],
  ["êâô", ["fr", "pt", "ro", "vi"]],
  ["ûœëï", ["fr"]],
  ["èàù", ["fr", "it"]],
  ["òì", ["it"]],
  ["é", ["fr", "es", "pt", "hu", "cs"]],
  ["áíóú", ["es", "pt", "hu", "cs", "sk"]],
  ["ğşı", ["tr"]],
  ["łżśźćńąę", ["pl"]],
  ["ěřů", ["cs"]],
  ["čšžý", ["cs", "sk"]],
  ["ľĺŕ", ["sk"]],
  ["őű", ["hu"]],
  ["øæ", ["da", "no"]],
  ["å", ["sv", "da", "no"]],
  ["ășțţ", ["ro"]],
  ["đươạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ", ["vi"]],
  ["іїєґ", ["uk"]],
  ["ыэё", ["ru"]],
  ["ъ", ["bg", "ru"]],
  ["پچژگ", ["fa", "ur"]],
  ["ٹڈڑےںہھ", ["ur"]],
  ["ةىإأ", ["ar"]],
];

/// The words of sixteen languages.
extension QuestionLanguage {
    /// Numbers below thirteen in words, of the languages that are written in letters.
    package static let numberWords: Set<String> = Set(
        folded(
            """
            zwei drei vier fünf sechs sieben acht neun zehn elf zwölf deux trois quatre cinq six sept huit neuf dix onze douze dos tres \
            cuatro cinco seis siete ocho nueve diez doce tre quattro cinque sei sette otto nove dieci undici dodici dois duas três \
            quatro sete oito nove dez onze doze twee drie vier vijf zes zeven acht negen tien elf twaalf två tre fyra fem sju åtta nio \
            tio elva tolv dwa dwie trzy cztery pięć sześć siedem osiem dziewięć dziesięć два две три четыре пять шесть семь восемь девять \
            десять одиннадцать двенадцать iki üç dört beş altı yedi sekiz dokuz
            """))

    package static let numbersLikeEnglishWords: Set<String> = ["due", "sei"]

    /// Words with which sentences give a reason.
    package static let reasonWords: Set<String> = Set(
        folded(
            """
            weil denn wegen deshalb daher damit parce puisque car pourquoi afin porque pues debido perché poiché siccome pois devido \
            omdat want doordat wegens daarom eftersom därför ponieważ bo gdyż dlatego потому поскольку так чтобы çünkü için لأن بسبب لأنه \
            כי משום בגלל क्योंकि इसलिए 因为 因為 由于 所以 ため から ので 때문 때문에
            """))

    static let all = latin + ofOtherLetters

    static let latin: [QuestionLanguage] = [
        // German
        QuestionLanguage(
            Words(
                function: """
                    der die das den dem des ein eine einen einem einer eines und oder aber ist sind war waren wird werden wurde hat haben \
                    habe hast kann können könnt kannst darf dürfen muss müssen soll sollen will wollen mag ich du er sie es wir ihr man mich \
                    mir dich dir uns euch mein meine meinen dein deine sein seine unser unsere euer zu zum zur von vom bei beim mit nach aus \
                    an am auf für in im um über unter vor durch gegen ohne nicht kein keine keinen noch schon auch nur sich was welche \
                    welcher welches welchen gilt gelten gibt es bitte denn dann als wenn ob dass so sehr mal machen macht tun tut bekomme \
                    bekommt heißt lange viel viele oft hoch
                    """,
                number:
                    "wie viel,wie viele,wieviel,wieviele,wie lange,wie oft,wie hoch,wie groß,wie teuer,wie weit,wie alt,was kostet",
                date: "wann,seit wann,bis wann,ab wann", person: "wer,wem,wen,wessen", place: "wo,wohin,woher",
                reason: "warum,wieso,weshalb", manner: "wie")),
        // French
        QuestionLanguage(
            Words(
                function: """
                    le la les l un une des du de d et ou mais est sont était a ont ai as avez avons être avoir peut peux puis je tu il elle \
                    on nous vous ils elles me te se mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs ce cet cette ces que qu \
                    quoi quel quelle quels quelles à au aux en dans sur sous pour par avec sans chez vers pas ne n plus y c s j m t si dois \
                    doit faut fait faire est-ce
                    """,
                number: "combien,combien de,quel prix", date: "quand,à quelle heure,quelle date", person: "qui,à qui",
                place: "où,d'où",
                reason: "pourquoi", manner: "comment")),
        // Spanish
        QuestionLanguage(
            Words(
                function: """
                    el la los las un una unos unas de del al y o pero es son era fue ser está están estar ha han he hay tiene tienen tengo \
                    puede puedo pueden debe debo yo tú él ella nosotros ustedes ellos me te se le les lo mi mis tu tus su sus nuestro nuestra \
                    que qué cuál cuáles a en con sin por para sobre entre hasta desde no más muy si como este esta estos estas ese esa
                    """,
                number: "cuánto,cuánta,cuántos,cuántas,cuánto tiempo,cuánto cuesta", date: "cuándo,a qué hora,qué día",
                person: "quién,quiénes",
                place: "dónde,adónde", reason: "por qué", manner: "cómo")),
        // Italian
        QuestionLanguage(
            Words(
                function: """
                    il lo la i gli le l un uno una di del dello della dei degli delle a al allo alla ai alle da dal dalla in nel nella nei \
                    con su sul sulla per tra fra e o ma è sono era essere ha hanno ho avere può posso possono deve devo io tu lui lei noi voi \
                    loro mi ti si ci vi mio mia tuo tua suo sua nostro nostra vostro che cosa cos quale quali non più se si c questo questa
                    """,
                number: "quanto,quanta,quanti,quante,quanto tempo,quanto costa", date: "quando,a che ora", person: "chi",
                place: "dove,dov",
                reason: "perché", manner: "come")),
        // Portuguese
        QuestionLanguage(
            Words(
                function: """
                    o a os as um uma uns umas de do da dos das em no na nos nas por pelo pela para com sem sobre até e ou mas é são era foi \
                    ser está estão estar tem têm tenho há pode posso podem deve devo eu você ele ela nós eles me te se lhe meu minha seu sua \
                    nosso nossa que qual quais ao à aos às não mais muito este esta esse essa isso
                    """,
                number: "quanto,quanta,quantos,quantas,quanto tempo,quanto custa", date: "quando,a que horas", person: "quem",
                place: "onde,aonde", reason: "por que,porque,por quê", manner: "como")),
        // Dutch
        QuestionLanguage(
            Words(
                function: """
                    de het een en of maar is zijn was waren wordt worden heeft hebben heb kan kunnen mag mogen moet moeten zal wil ik jij je \
                    hij zij ze wij we jullie u mij me jou hem haar ons hun mijn jouw uw zijn onze van voor naar bij met op aan in uit over \
                    onder tot door zonder niet geen ook nog al er dat die dit deze wat welke welk te om als dan krijg krijgt
                    """,
                number: "hoeveel,hoe lang,hoe vaak,hoe groot,hoe duur,hoe oud,hoe hoog", date: "wanneer,hoe laat",
                person: "wie,wiens",
                place: "waar,waarheen", reason: "waarom", manner: "hoe")),
        // Swedish
        QuestionLanguage(
            Words(
                function: """
                    en ett den det de och eller men är var vara har hade kan får måste ska skall vill jag du han hon vi ni man mig dig oss er \
                    min mitt mina din ditt sin sitt vår vårt av för till från med på i om under över utan inte ingen också som att vad vilken \
                    vilket vilka så här där gäller finns
                    """,
                number: "hur många,hur mycket,hur länge,hur ofta,hur stor,hur lång,vad kostar", date: "när,hur dags",
                person: "vem,vilka,vems",
                place: "var,vart", reason: "varför", manner: "hur")),
        // Polish
        QuestionLanguage(
            Words(
                function: """
                    i oraz lub ale jest są był była było być ma mają mam może mogę można trzeba musi muszę ja ty on ona ono my wy oni się mi mnie \
                    mój moja moje twój jego jej nasz nasza w we na do od z ze za po przez przy dla o u bez nie to ten ta te tego tej co czy \
                    jaki jaka jakie jakiej który która które że jak
                    """,
                number: "ile,jak długo,jak często,ile kosztuje", date: "kiedy,o której", person: "kto,kogo,komu",
                place: "gdzie,dokąd,skąd",
                reason: "dlaczego,czemu", manner: "jak")),
        // Turkish
        QuestionLanguage(
            Words(
                function: """
                    ve veya ama bir bu şu o ben sen biz siz onlar için ile de da mi mı mu mü ne hangi var yok değil çok daha en gibi kadar sonra \
                    önce olarak olan olur nedir ederim eder edilir yapılır yapılıyor olabilir miyim mıyım
                    """,
                number: "kaç,ne kadar,kaç para", date: "ne zaman,saat kaçta", person: "kim,kimin,kime",
                place: "nerede,nereye,nereden",
                reason: "neden,niçin,niye", manner: "nasıl")),
    ]

    /// Those of other letters: a question in ASCII is in none of them.
    private static let ofOtherLetters: [QuestionLanguage] = [
        // Russian
        QuestionLanguage(
            Words(
                function: """
                    и или но а в во на до от из с со за по при для о об у без к ко не ни это этот эта эти тот что какой какая какое какие \
                    который которая ли я ты он она оно мы вы они мне меня тебя его её их нам нас вам вас мой моя моё наш наша ваш свой есть быть \
                    был была было были будет можно нужно может мочь надо же бы как
                    """,
                number: "сколько,как долго,как часто,сколько стоит", date: "когда,во сколько", person: "кто,кого,кому",
                place: "где,куда,откуда",
                reason: "почему,зачем", manner: "как")),
        // Arabic
        QuestionLanguage(
            Words(
                function:
                    "في من إلى على عن مع هل ما ماذا هو هي هذا هذه ذلك التي الذي و أو لا لم لن أن إن كان كانت يكون أي هناك لي لدي يمكن يمكنني",
                number: "كم", date: "متى", person: "من", place: "أين", reason: "لماذا", manner: "كيف", marksNamesAndNumbers: false
            )),
        // Hebrew
        QuestionLanguage(
            Words(
                function:
                    "של את על עם אל מן זה זו זאת הוא היא הם הן אני אתה אנחנו לא כן או גם כי אם האם יש אין מה איזה איזו אילו ב ל ה ו יכול צריך אפשר",
                number: "כמה,כמה זמן", date: "מתי", person: "מי", place: "איפה,היכן,לאן", reason: "למה,מדוע", manner: "איך,כיצד",
                marksNamesAndNumbers: false)),
        // Hindi
        QuestionLanguage(
            Words(
                function: """
                    का की के को में से पर और या है हैं था थी थे हो होता होती होते यह वह ये वे मैं हम आप तुम मेरा मेरी हमारा अपना अपनी नहीं ना क्या कौन सा सी ने भी \
                    तो कि जो एक लिए तक
                    """,
                number: "कितना,कितनी,कितने", date: "कब", person: "कौन,किसने,किसका", place: "कहाँ,कहां", reason: "क्यों", manner: "कैसे",
                marksNamesAndNumbers: false)),
        // Chinese, Japanese and Korean: the pairs of characters, or the words with their particles, that questions are put with.
        QuestionLanguage(
            Words(
                function: "什么 多少 少钱 怎么 如何 为什 哪里 哪个 哪些 是什 么时 时候 可以 请问 吗 呢 的 是 有 在 了 和 几点 几个 多久 多长 谁是 是谁 我们 你们 需要",
                number: "多少,几个,多久,多长", date: "时候,几点", person: "谁是,是谁", place: "哪里", reason: "为什", manner: "怎么,如何",
                marksNamesAndNumbers: false)),
        QuestionLanguage(
            Words(
                function: """
                    です ます ですか ます か すか まで から いつ どこ だれ なに 何で どう うや なぜ いく くら くつ つで この その には とは はど はい はな はい して ている \
                    しま ます ので こと もの れる られ でき きま すか 誰で 何時 何日 何年 いで いの いつ どの どれ くら らい らで
                    """,
                number: "いく,どれ,何人,何個", date: "いつ,何時,何日", person: "だれ,誰で,誰が", place: "どこ", reason: "なぜ", manner: "どう",
                marksNamesAndNumbers: false)),
        QuestionLanguage(
            Words(
                function: """
                    은 는 이 가 을 를 의 에 에서 으로 로 와 과 도 무엇 무엇입니까 무엇인가요 뭐예요 입니까 인가요 있나요 있습니까 하나요 합니까 됩니까 되나요 어떤 어느 그 이 저 \
                    수 있는 하는
                    """,
                number: "얼마,얼마나,얼마입니까,얼마예요,몇", date: "언제,언제입니까", person: "누구,누가,누구입니까", place: "어디,어디에,어디에서,어디입니까",
                reason: "왜", manner: "어떻게", marksNamesAndNumbers: false)),
    ]
}

import TwinSearch
import TwinSupport

/// What a word of evidence can be, as far as its form tells.
struct WordClass: OptionSet, Sendable {
    let rawValue: UInt32

    static let stopWord = WordClass(rawValue: 1 << 0)
    /// Begins with a capital letter and is no stop word.
    static let capitalized = WordClass(rawValue: 1 << 1)
    /// A count or a measure: digits that are no year, or a number word.
    static let number = WordClass(rawValue: 1 << 2)
    /// A year, a month, a weekday, an ordinal, a season or a century.
    static let date = WordClass(rawValue: 1 << 3)
    /// Capitalised, behind a preposition of place.
    static let place = WordClass(rawValue: 1 << 4)
    static let reason = WordClass(rawValue: 1 << 5)
    static let naming = WordClass(rawValue: 1 << 6)
    static let manner = WordClass(rawValue: 1 << 7)
    static let pronoun = WordClass(rawValue: 1 << 8)
    static let negation = WordClass(rawValue: 1 << 9)
    static let preposition = WordClass(rawValue: 1 << 10)
    /// A month's name, which is a date when it is capitalised.
    static let month = WordClass(rawValue: 1 << 11)
    /// Begins with a digit.
    static let digits = WordClass(rawValue: 1 << 12)
    /// `first`, `only`, `largest` and the like: exactly one thing has it.
    static let superlative = WordClass(rawValue: 1 << 13)
    /// Says how a question is put rather than what it is about: `kind`, `happen`.
    static let frame = WordClass(rawValue: 1 << 14)
    /// Written with `-ly`, which a stem does not show.
    static let adverb = WordClass(rawValue: 1 << 15)
    /// Three digits, which may be an early year.
    static let earlyYear = WordClass(rawValue: 1 << 16)
}

/// The closed classes of words, as an analyser's terms.
struct WordClasses: Sendable {
    private let classes: [TermIdentity: WordClass]
    private let opposites: [TermIdentity: [TermIdentity]]

    init(analyzer: Analyzer, forms: IrregularForms) {
        var classes: [TermIdentity: WordClass] = [:]
        var opposites: [TermIdentity: [TermIdentity]] = [:]
        func add(_ words: some Sequence<String>, _ kind: WordClass) {
            for word in words { classes[TermIdentity(analyzer.term(of: word)), default: []].insert(kind) }
        }
        add(StopWords(analyzer.language).all, .stopWord)
        add(QuestionLanguage.numberWords, .number)
        add(QuestionLanguage.reasonWords.subtracting(Self.englishHomographs), .reason)
        if analyzer.language == .english {
            for (kind, words) in Self.english { add(words.split(separator: " ").map(String.init), kind) }
            for pair in Self.opposites.split(separator: ",") {
                let terms = pair.split(separator: " ").map {
                    forms.canonical(TermIdentity(analyzer.term(of: String($0))))
                }
                guard terms.count == 2, let first = terms.first, let second = terms.last else { continue }
                opposites[first, default: []].append(second)
                opposites[second, default: []].append(first)
            }
        }
        self.classes = classes
        self.opposites = opposites
    }

    subscript(_ term: TermIdentity) -> WordClass { classes[term] ?? [] }

    /// The terms that say the contrary of `term`, which is a canonical form.
    func opposites(of term: TermIdentity) -> [TermIdentity] { opposites[term] ?? [] }

    /// The class of a term that begins with a digit: years, `1970s` and ordinals are dates, the rest are counts.
    static func ofDigits(_ term: ByteView) -> WordClass {
        var digits = 0
        while term[digits].isDigit { digits += 1 }
        let rest = term.count - digits
        let isYear = digits == 4 && (term[0] == UInt8(ascii: "1") || term.hasPrefix("20"))
        if isYear, rest == 0 || (rest == 1 && term[4] == UInt8(ascii: "s")) { return [.digits, .date] }
        if digits == 3, rest == 0 { return [.digits, .number, .earlyYear] }
        let isOrdinal =
            rest == 2
            && ["st", "nd", "rd", "th"].contains { (suffix: StaticString) in term.hasPrefix(suffix, at: digits) }
        return isOrdinal ? [.digits, .date] : [.digits, .number]
    }

    /// Reasons of other languages that are other words in English.
    private static let englishHomographs: Set<String> = ["want", "car", "bo", "denn", "pues", "pois"]

    private static let english: [(WordClass, String)] = [
        (
            .stopWord,
            """
            may might must us within among else whats wheres whens hows whos cant dont doesnt didnt isnt arent wasnt wont wouldnt \
            shouldnt couldnt havent hasnt hadnt im ive youre theres thats please
            """
        ),
        (
            .frame,
            """
            kind type sort name happen many much mean call know long old often far big large example thing way vs versus difference \
            min max take keep come put bring go
            """
        ),
        (
            .number,
            """
            one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen \
            eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion \
            trillion dozen half third quarter first second fourth fifth twice once several
            """
        ),
        (
            .date,
            """
            century decade bc ad summer winter spring autumn season monday tuesday wednesday thursday friday saturday \
            sunday
            """
        ),
        (.month, "january february march april may june july august september october november december"),
        (.preposition, "in at near from to of on around into through throughout across the"),
        (
            .reason,
            """
            because due since therefore thus hence cause caused causing reason result resulted resulting led leading \
            order so why consequently owing prevent avoid thereby purpose allow allowing allowed enable
            """
        ),
        (.naming, "called named known name term termed titled nicknamed dubbed referred"),
        (.manner, "by through using via with"),
        (.pronoun, "he she it they his her its their him them this these that those"),
        (
            .negation,
            "not cant dont doesnt didnt isnt arent wasnt wont wouldnt shouldnt couldnt never no none neither nor without cannot unable fail failed refused except besides"
        ),
        (
            .superlative,
            """
            first last only most least best worst largest biggest smallest oldest earliest latest highest lowest longest \
            main greatest
            """
        ),
    ]

    private static let opposites = """
        increase decrease,rise fall,grow shrink,before after,first last,north south,east west,northern southern,\
        eastern western,win lose,victory defeat,attack defend,start end,begin finish,large small,big little,high low,\
        more less,most least,best worst,old young,oldest youngest,early late,earliest latest,long short,longest shortest,\
        rich poor,strong weak,allow forbid,accept reject,support oppose,ally enemy,enter leave,arrive depart,buy sell,\
        import export,build destroy,gain lose,peace war,male female,man woman,father mother,son daughter,king queen,\
        brother sister,husband wife,legal illegal,possible impossible,formal informal,same different,always never,\
        inside outside,upper lower,public private,majority minority,minimum maximum,internal external,modern ancient,\
        urban rural,left right,above below,near far,hot cold,wet dry,success failure,succeed fail,positive negative,\
        include exclude,permanent temporary,major minor,direct indirect,domestic foreign,love hate,\
        advantage disadvantage,slow fast,quick slow,dead alive,birth death,cause prevent,encourage discourage,\
        like dislike,easy difficult,heavy light,full empty,open close,top bottom,over under,up down,increase reduce,\
        native foreign,single multiple,winner loser,teacher student,employer employee,central peripheral,host guest,\
        common rare,strength weakness,cheap expensive
        """
}

import TwinSearch
import TwinSupport

/// Whether the passages that a model's sentence cites say what the sentence says, as far as rules can tell: its names, its
/// numbers with their units, whether it denies, and which way it compares must stand there, and most of its words.
///
/// Rules cannot prove a sentence. They find what models get wrong most often and what does most harm.
struct SupportCheck {
    fileprivate struct Word {
        var text: String
        var stem: String
        /// As it is written: with a capital letter.
        var isCapital: Bool
        var isFirst: Bool
    }

    /// One sentence of a passage.
    fileprivate struct Statement {
        var stems: Set<String>
        var denials: Int
    }

    /// A passage as it is compared.
    struct Passage {
        fileprivate var stems: Set<String> = []
        fileprivate var words: Set<String> = []
        fileprivate var numbers: Set<String> = []
        fileprivate var measures: Set<[String]> = []
        fileprivate var statements: [Statement] = []

        init(_ citation: Citation) {
            for text in [citation.quote, citation.sourceTitle, citation.headings.joined(separator: ". ")] {
                let words = SupportCheck.words(of: text)
                self.words.formUnion(words.map(\.text))
                stems.formUnion(words.map(\.stem))
                numbers.formUnion(SupportCheck.numbers(words))
                measures.formUnion(SupportCheck.measures(words))
            }
            let quote = citation.quote
            let utf8 = Array(quote.utf8)
            for range in SentenceSegmenter().sentences(in: quote) {
                let words = SupportCheck.words(of: String(decoding: utf8[range], as: UTF8.self))
                statements.append(Statement(stems: Set(words.map(\.stem)), denials: SupportCheck.denials(words)))
            }
        }
    }

    /// Why a sentence is not supported.
    enum Fault: Equatable { case number, unit, name, negation, comparison, words }

    /// What is wrong with `sentence`, without its citation marks, against the passages that it cites; none when nothing is.
    static func fault(of sentence: String, by passages: [Passage], question: String) -> Fault? {
        let words = words(of: sentence)
        let asked = Set(Self.words(of: question).map(\.text))
        let known = passages.reduce(into: Set<String>()) { $0.formUnion($1.stems) }

        let numbers = numbers(words)
        guard numbers.allSatisfy({ number in passages.contains { $0.numbers.contains(number) } }) else { return .number }
        for measure in measures(words) {
            let stated = passages.flatMap { $0.measures.filter { $0.first == measure.first } }
            if !stated.isEmpty, !stated.contains(measure) { return .unit }
        }

        let isEnglish = words.count { stopWords.contains($0.text) } * 5 >= words.count
        guard isEnglish else { return nil }
        for word in words where word.isCapital && !word.isFirst && !stopWords.contains(word.text) {
            if !known.contains(word.stem), !asked.contains(word.text) { return .name }
        }

        let content = Set(words.filter { !stopWords.contains($0.text) && !isNumber($0.text) }.map(\.stem))
        let denials = denials(words)
        if denials % 2 == 0 {
            for stem in content where !known.contains(stem) {
                if opposites[stem]?.contains(where: { known.contains($0) && !content.contains($0) }) == true {
                    return .comparison
                }
            }
        }
        let statement = passages.flatMap(\.statements).max { one, other in
            content.intersection(one.stems).count < content.intersection(other.stems).count
        }
        if let statement, content.count >= 2, content.intersection(statement.stems).count * 2 >= content.count {
            if denials % 2 != statement.denials % 2 { return .negation }
            // "before" and "above" are among the words without weight.
            for word in words where opposites[word.stem] != nil && !statement.stems.contains(word.stem) {
                if opposites[word.stem]?.contains(where: statement.stems.contains) == true { return .comparison }
            }
        }
        let met = content.count { stem in known.contains(stem) || asked.contains(stem) || isRelated(stem, known) }
        return content.count >= 3 && met * 2 < content.count ? .words : nil
    }

    /// Whether a word with the same beginning is known: `employ` and `employe`, `emigr` and `emigrat`.
    private static func isRelated(_ stem: String, _ known: Set<String>) -> Bool {
        guard stem.utf8.count >= 4 else { return false }
        let beginning = stem.prefix(max(4, stem.count * 2 / 3))
        return known.contains { $0.hasPrefix(beginning) }
    }

    // MARK: Words

    private static let analyzer = Analyzer(language: .english)
    private static let stopWords = FunctionWords(.english).all

    private static func words(of text: String) -> [Word] {
        let utf8 = Array(text.utf8)
        var previousEnd = 0
        return analyzer.words(of: text).filter { !$0.isCompound || $0.term.contains { $0.isNumber } }.map { token in
            let isCapital = utf8.indices.contains(token.range.lowerBound) && utf8[token.range.lowerBound].isUpper
            let between = utf8[min(previousEnd, token.range.lowerBound)..<token.range.lowerBound]
            let isFirst = previousEnd == 0 || between.contains { ".!?:\"".utf8.contains($0) }
            previousEnd = token.range.upperBound
            return Word(text: token.term, stem: analyzer.term(of: token.term), isCapital: isCapital, isFirst: isFirst)
        }
    }

    // MARK: Numbers

    private static func isNumber(_ word: String) -> Bool {
        word.utf8.contains { $0.isDigit } || numberWords[word] != nil
    }

    /// The numbers, and the names with digits in them, in one form.
    private static func numbers(_ words: [Word]) -> Set<String> {
        // "one" is hardly ever a count.
        Set(words.filter { isNumber($0.text) && $0.text != "one" && $0.text != "1" }.map { canonical($0.text) })
    }

    private static func canonical(_ word: String) -> String { numberWords[word] ?? word }

    /// Numbers with the unit behind or, for money, before them.
    private static func measures(_ words: [Word]) -> Set<[String]> {
        var result: Set<[String]> = []
        for (place, word) in words.enumerated() where isNumber(word.text) {
            let next = words.indices.contains(place + 1) ? units[words[place + 1].text] ?? units[words[place + 1].stem] : nil
            if let next { result.insert([canonical(word.text), next]) }
        }
        return result
    }

    private static let numberWords: [String: String] = {
        var result: [String: String] = [:]
        let names = """
            zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen \
            nineteen twenty
            """
        for (value, name) in names.split(separator: " ").enumerated() { result[String(name)] = "\(value)" }
        for (value, name) in "thirty forty fifty sixty seventy eighty ninety hundred".split(separator: " ").enumerated() {
            result[String(name)] = "\((value + 3) * 10)"
        }
        result["once"] = "1"
        result["twice"] = "2"
        result["dozen"] = "12"
        return result
    }()

    private static let units: [String: String] = {
        var result: [String: String] = [:]
        let groups = [
            "euro euros eur", "dollar dollars usd", "pound pounds gbp", "franc francs chf", "cent cents", "percent per-cent",
            "second seconds sec", "minute minutes min", "hour hours h", "day days", "week weeks", "month months", "year years",
            "decade decades", "gram grams g", "kilogram kilograms kg kilo kilos", "ton tons tonne tonnes",
            "metre metres meter meters m",
            "kilometre kilometres kilometer kilometers km", "mile miles", "foot feet", "inch inches", "centimetre centimetres cm",
            "millimetre millimetres mm", "litre litres liter liters l", "degree degrees", "byte bytes", "kilobyte kilobytes kb",
            "megabyte megabytes mb", "gigabyte gigabytes gb", "watt watts", "volt volts", "person persons people",
            "million millions",
            "billion billions", "thousand thousands", "hundred hundreds", "am", "pm",
        ]
        for group in groups {
            let names = group.split(separator: " ").map(String.init)
            for name in names { result[name] = names.first }
        }
        return result
    }()

    // MARK: Denial and comparison

    /// Words that deny; two of them in one sentence affirm.
    private static func denials(_ words: [Word]) -> Int {
        words.count {
            denying.contains($0.text) || denyingStems.contains($0.stem) || $0.text.hasSuffix("n't") || $0.text.hasSuffix("n’t")
        }
    }

    private static let denying: Set<String> = [
        "not", "no", "never", "none", "neither", "without", "cannot", "nobody", "nothing", "dont",
    ]
    private static let denyingStems = Set(
        ["prohibited", "forbidden", "banned", "excluded", "denied", "refused", "unable", "lacks", "except", "disallowed"].map {
            analyzer.term(of: $0)
        })

    private static let opposites: [String: Set<String>] = {
        var result: [String: Set<String>] = [:]
        let pairs = """
            more less,most least,before after,above below,over under,maximum minimum,max min,increase decrease,increases decreases,\
            rise fall,higher lower,highest lowest,high low,longer shorter,longest shortest,long short,larger smaller,largest smallest,\
            bigger smaller,big small,large small,greater smaller,greater less,faster slower,fastest slowest,fast slow,earlier later,\
            earliest latest,early late,newer older,newest oldest,new old,younger older,cheaper dearer,better worse,best worst,first last,\
            start end,begin end,open close,opens closes,allowed forbidden,required optional,include exclude,includes excludes,always never,\
            inside outside,north south,east west,left right,up down,heavier lighter,stronger weaker,warmer colder,hotter colder,\
            hot cold,warm cold,win lose,won lost,buy sell,bought sold,import export,enable disable,enabled disabled,add remove,\
            public private,internal external,upper lower,within outside,mandatory optional,free paid,daily weekly,weekly monthly,\
            monthly yearly,morning evening,morning afternoon,arrive depart,arrives departs,accept reject,accepts rejects
            """
        for pair in pairs.split(separator: ",") {
            let stems = pair.split(separator: " ").map { analyzer.term(of: String($0)) }
            guard stems.count == 2, stems[0] != stems[1] else { continue }
            result[stems[0], default: []].insert(stems[1])
            result[stems[1], default: []].insert(stems[0])
        }
        return result
    }()
}

import TwinSearch
import TwinSupport

/// A question as its words are compared with those of another: without courtesies, and with short forms written out.
struct QuestionWording: Sendable, Equatable {
    let words: [String]

    /// Of a folded question (`QuestionText`).
    init(folded: String) { words = Self.plain(CourtesyPhrases.stripped(Self.writtenOut(QuestionText.words(folded)))) }

    /// More words are compared as letters only.
    static let maximumWords = 48

    // MARK: Kinds of words

    /// What each word is, as far as another question may do without it.
    struct Kinds: Sendable {
        /// Words without weight, what tells questions apart among them.
        private let light: Set<String>

        init(_ language: Language) {
            light = FunctionWords(language).all.union(QuestionWording.lightWords).union(QuestionWording.telling)
        }

        /// Whether a word carries meaning.
        func isHeavy(_ word: String) -> Bool { !light.contains(word) }
        /// Whether a word may be missing, or be there besides, in the same question.
        func isIdle(_ word: String) -> Bool { light.contains(word) && !QuestionWording.telling.contains(word) }
        /// Whether a word may be missing where nothing else is.
        func isOmissible(_ word: String) -> Bool {
            isHeavy(word)
                ? !QuestionWording.isNumber(word) && !QuestionWording.selecting.contains(word)
                : QuestionWording.prepositions.contains(word)
        }
    }

    static func isNumber(_ word: String) -> Bool {
        word.utf8.contains { (0x30...0x39).contains($0) } || numberWords.contains(word)
    }

    // MARK: What another word cannot stand for

    /// Whether what is asked of whom, whether something has to be, and when it is agree. Words without weight say it, so that
    /// it is not seen in what the two have in common.
    func agrees(with other: QuestionWording) -> Bool {
        guard isDenied == other.isDenied, others == other.others else { return false }
        let asksHow = Set(words).contains("how")
        guard asksHow || isNecessary == other.isNecessary else { return false }
        guard !hasVerb || !other.hasVerb || isPast == other.isPast else { return false }
        // "How can I reach you" is not "how can you reach me".
        let (mine, theirs) = (persons, other.persons)
        return Set(mine).count < 2 || Set(theirs).count < 2 || mine == theirs
    }

    private var isDenied: Bool { words.contains(where: Self.denials.contains) }
    private var others: Set<String> { Set(words).intersection(Self.thirdPersons) }
    private var isPast: Bool { words.contains(where: Self.pastVerbs.contains) }
    private var hasVerb: Bool { words.contains { Self.pastVerbs.contains($0) || Self.verbs.contains($0) } }
    private var isNecessary: Bool {
        words.contains(where: Self.necessities.contains) || zip(words, words.dropFirst()).contains { $0 == ("have", "to") }
    }
    /// 1 for who speaks and 2 for who is spoken to, in their order.
    private var persons: [Int] {
        var result: [Int] = []
        for word in words {
            let person = Self.speakers.contains(word) ? 1 : Self.addressees.contains(word) ? 2 : 0
            if person > 0, result.last != person { result.append(person) }
        }
        return result
    }

    /// The same question beginning where it asks: "on Fridays, when do you close" as "when do you close on Fridays". None when it
    /// begins so, or when the order says which way something goes.
    var turned: QuestionWording? {
        guard Set(words).isDisjoint(with: Self.ordering) else { return nil }
        let place =
            words.firstIndex(where: Self.questionWords.contains)
            ?? (words.first.map(Self.prepositions.contains) == true ? words.firstIndex(where: Self.verbs.contains) : nil)
        guard let place, place > 0 else { return nil }
        return QuestionWording(words: Array(words[place...] + words[..<place]))
    }

    private init(words: [String]) { self.words = words }

    // MARK: Names

    /// The folded words of `question` that are names by their capitals: not the first of a sentence, and not where most words
    /// have one, as in titles and in German.
    static func names(in question: String) -> Set<String> {
        var names: Set<String> = []
        var count = 0
        var beginsSentence = true
        for word in question.split(whereSeparator: \.isWhitespace) {
            let folded = QuestionText.words(QuestionText.folded(String(word)))
            let isCapital = word.first { $0.isLetter }?.isUppercase == true
            if !beginsSentence, !folded.isEmpty {
                count += 1
                if isCapital, folded != ["i"], !folded.contains(where: questionWords.contains) { names.formUnion(folded) }
            }
            beginsSentence = word.last.map(".?!:".contains) == true
        }
        return names.count * 2 > count ? [] : names
    }

    // MARK: Reading

    private static func writtenOut(_ words: [String]) -> [String] {
        words.indices.flatMap { place in
            // "I'd like"; an id is something else.
            let isWish = words[place] == "id" && words.dropFirst(place + 1).first.map(wishes.contains) == true
            return isWish ? ["i", "would"] : shortForms[words[place]] ?? [words[place]]
        }
    }

    /// Ways to put the same question word, made one.
    private static func plain(_ words: [String]) -> [String] {
        var result: [String] = []
        var rest = words[...]
        while let word = rest.first {
            if let (phrase, reading) = sameQuestions.first(where: { rest.starts(with: $0.phrase) }) {
                result += reading
                rest = rest.dropFirst(phrase.count)
            } else {
                result.append(word)
                rest = rest.dropFirst()
            }
        }
        return result
    }
}

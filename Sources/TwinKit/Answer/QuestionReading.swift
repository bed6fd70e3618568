import TwinSearch
import TwinSupport

/// How a question is understood before it is searched for: with its misspelt words as the twin's texts write them, and, where
/// it goes on with what was asked before, with what that was about.
struct QuestionReading: Sendable, Equatable {
    /// What is searched for.
    let text: String
    /// The words that were read as others, in the question's order.
    let corrections: [Correction]
    /// What it was taken to be about besides its own words.
    let subject: [String]

    struct Correction: Sendable, Equatable {
        var word: String
        var reading: String
    }

    /// `earlier` holds the asker's earlier questions, oldest first.
    init(_ question: String, after earlier: [String], spelling: Spelling) throws {
        let words = Self.words(of: question)
        let known = try spelling.corrections(of: words.map(\.term), in: question)
        var corrections: [Correction] = []
        var utf8 = Array(question.utf8)
        for word in words.reversed() {
            guard let reading = known[word.term] else { continue }
            corrections.insert(Correction(word: word.term, reading: reading), at: 0)
            // A name stays one.
            let isCapital = utf8[word.range].first.map { (0x41...0x5A).contains($0) } ?? false
            let written = isCapital ? reading.prefix(1).uppercased() + reading.dropFirst() : reading
            utf8.replaceSubrange(word.range, with: written.utf8)
        }
        self.corrections = corrections
        subject = Self.goesOn(question) ? Self.subject(of: earlier, besides: question) : []
        text = ([String(decoding: utf8, as: UTF8.self)] + subject).joined(separator: " ")
    }

    private static let analyzer = Analyzer(language: .english)

    private static func words(of text: String) -> [Token] { analyzer.words(of: text).filter { !$0.isCompound } }

    // MARK: Going on

    /// Whether a question can only be understood from what was asked before: it begins with "and" or the like, a pronoun
    /// stands for what it is about, or it names nothing at all.
    static func goesOn(_ question: String) -> Bool {
        let words = words(of: question).map(\.term)
        guard let first = words.first, words.count <= maximumWords else { return false }
        if openings.contains(first) { return true }
        if words.starts(with: ["what", "about"]) || words.starts(with: ["how", "about"]) { return true }
        // "it is", "does it", "of them"; not "is it true that", "the person that they".
        if words.contains(where: pronouns.contains) { return true }
        let content = words.filter { !FunctionWords(.english).all.contains($0) }
        return content.count <= 1 && words.count >= 2 && content.allSatisfy(AskingWords.bare.contains)
    }

    /// Words of a question that goes on, at the most: a longer one says itself what it is about.
    private static let maximumWords = 16
    private static let openings: Set<String> = ["and", "but", "or", "also", "then", "und", "aber", "et", "mais", "y", "e"]
    private static let pronouns: Set<String> = [
        "it", "its", "they", "them", "their", "theirs", "he", "him", "his", "she", "her", "hers", "this", "these", "those",
        "that",
        "one", "ones", "there",
    ]

    /// What the latest earlier question was about that says something itself: its words that carry meaning. Of what is named, only
    /// the latest: after "and the M80?" the M70 is no longer spoken of, but it is after "does the M80 replace it?"
    private static func subject(of earlier: [String], besides question: String) -> [String] {
        let own = Self.words(of: question)
        let words = own.map(\.term)
        // "And how heavy is it?" asks something else of the same, "and the M80?" what was asked last of something else.
        var isAsked = asksSomething(words)
        var subject: [String] = []
        var isNamed = namesAnother(own, in: question)
        for question in earlier.reversed() {
            let all = Self.words(of: question)
            let leftOut = isAsked ? AskingWords.asking.union(AskingWords.bare) : AskingWords.asking
            let content = all.filter { !FunctionWords(.english).all.contains($0.term) && !leftOut.contains($0.term) }
            isAsked = isAsked || asksSomething(all.map(\.term))
            for word in content where !words.contains(word.term) && !subject.contains(word.term) {
                if !isNamed || !isName(word, in: question) { subject.append(word.term) }
            }
            isNamed = isNamed || namesAnother(all, in: question)
            if !goesOn(question) { break }
        }
        return Array(subject.prefix(maximumSubject))
    }

    /// Whether a question says what it asks, rather than of what else it asks the same: "and what about the M80?"
    private static func asksSomething(_ words: [String]) -> Bool {
        !Set(words).isDisjoint(with: questionWords) && words.filter { $0 != "and" }.dropFirst().first != "about"
    }

    /// Whether a question names something in place of what was named before, rather than beside it, to which a pronoun would point.
    private static func namesAnother(_ words: [Token], in question: String) -> Bool {
        !words.contains { pronouns.contains($0.term) } && words.contains { isName($0, in: question) }
    }

    /// Whether a word is the name of something, as far as its form tells: with digits, or with a capital behind the first word.
    private static func isName(_ word: Token, in question: String) -> Bool {
        let utf8 = Array(question.utf8)
        guard utf8.indices.contains(word.range.lowerBound) else { return false }
        if word.term.utf8.contains(where: \.isDigit) { return word.term.utf8.contains { !$0.isDigit } }
        return word.range.lowerBound > 0 && (0x41...0x5A).contains(utf8[word.range.lowerBound])
    }

    private static let maximumSubject = 8
    private static let questionWords: Set<String> = ["what", "how", "when", "where", "who", "why", "which", "whose"]
}

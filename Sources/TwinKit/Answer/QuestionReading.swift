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
        subject = Self.goesOn(question) ? Self.subject(of: earlier, besides: words.map(\.term)) : []
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

    /// What the latest earlier question was about that says something itself: its words that carry meaning.
    private static func subject(of earlier: [String], besides words: [String]) -> [String] {
        var subject: [String] = []
        for question in earlier.reversed() {
            let content = Self.words(of: question).map(\.term).filter {
                !FunctionWords(.english).all.contains($0) && !AskingWords.asking.contains($0)
            }
            for word in content where !words.contains(word) && !subject.contains(word) { subject.append(word) }
            if !goesOn(question) { break }
        }
        return Array(subject.prefix(maximumSubject))
    }

    private static let maximumSubject = 8
}

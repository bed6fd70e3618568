import TwinDatabase
import TwinSearch
import TwinSupport

/// The owner's answers that fit a question.
struct VerifiedAnswerMatch: Sendable {
    struct Candidate: Sendable {
        var answer: VerifiedAnswer
        /// The Ratcliff/Obershelp ratio of the folded questions or the cosine of their meanings, whichever is more; 0 to 1.
        var similarity: Double
        var match: QuestionMatch
    }

    /// The answer to give, when the question is the same or nearly identical.
    var automatic: Candidate?
    /// Questions that are much alike, the best first; offered, never given.
    var suggestions: [Candidate] = []

    static let maximumSuggestions = 3
    /// From this ratio on a question is offered as "did you mean".
    static let suggestionThreshold = 0.80
    /// What two questions of one meaning must share of their words at the least, as a Jaccard index: vectors alone bring
    /// things together that only belong to one field.
    static let leastOverlap = 0.12
    /// Questions near in meaning that are looked at.
    private static let maximumMeanings = 16

    /// A question that may be the one.
    private struct Found {
        var key: Int64
        var folded: String
        /// 0 when it is below the threshold.
        var ratio: Double
        /// The same.
        var cosine = 0.0

        var similarity: Double { max(ratio, cosine) }
        var match: QuestionMatch { cosine > ratio ? .semantic : .fuzzy }
    }

    /// Looks among the active answers that `clearance` may get; all others do not exist for it. Without a `meaning` questions
    /// are compared by their letters alone.
    static func find(
        _ question: String, meaning: QuestionEmbedding? = nil, twin: Twin, clearance: Clearance, on connection: Connection
    ) throws -> VerifiedAnswerMatch {
        let folded = QuestionText.folded(question)
        guard !folded.isEmpty else { return VerifiedAnswerMatch() }
        let group = clearance.group?.key
        if let key = try connection.first(
            "SELECT v.key FROM verified_answers v WHERE \(permitted) AND v.folded = ?3", twin.key, group, folded,
            map: { $0.int64(0) })
        {
            return VerifiedAnswerMatch(automatic: Candidate(answer: try load(key, on: connection), similarity: 1, match: .exact))
        }

        let language = twin.settings.language
        var found = try fuzzy(folded, twin: twin, group: group, on: connection)
        if let vector = meaning?.vector, let model = meaning?.index.model {
            let analyzer = Analyzer(language: language)
            let near = try AnswerVectors(twin: twin.key, model: model).nearest(
                to: vector, atLeast: twin.settings[TwinSettings.semanticAnswers], limit: maximumMeanings,
                on: connection)
            for (key, cosine) in near {
                if let index = found.firstIndex(where: { $0.key == key }) {
                    found[index].cosine = cosine
                    continue
                }
                let other = try connection.first(
                    "SELECT v.folded FROM verified_answers v WHERE \(permitted) AND v.key = ?3", twin.key, group, key,
                    map: { $0.text(0) })
                guard let other, (TextSimilarity.overlap(folded, other, analyzer: analyzer) ?? 0) >= leastOverlap else {
                    continue
                }
                found.append(Found(key: key, folded: other, ratio: 0, cosine: cosine))
            }
        }
        found.sort { ($0.similarity, $1.key) > ($1.similarity, $0.key) }

        let threshold = twin.settings[TwinSettings.automaticAnswers]
        var match = VerifiedAnswerMatch()
        for candidate in found {
            guard match.automatic == nil, match.suggestions.count < maximumSuggestions else { break }
            let loaded = Candidate(
                answer: try load(candidate.key, on: connection), similarity: candidate.similarity, match: candidate.match)
            let isSame = candidate.ratio >= threshold && asksTheSame(folded, candidate.folded, language)
            if isSame || candidate.cosine > 0 && meansTheSame(folded, candidate.folded, candidate.ratio, language) {
                match.automatic = loaded
            } else {
                match.suggestions.append(loaded)
            }
        }
        return match
    }

    private static let permitted = """
        v.twin_key = ?1 AND v.is_active AND \(Visibility.condition(.verifiedAnswer, "v", for: "?2"))
        """

    /// The questions whose letters are alike enough. Bounds that cost little leave few for the whole comparison, and none
    /// out that would reach the threshold. Permission is looked up for those few, before they are compared.
    private static func fuzzy(_ folded: String, twin: Twin, group: Int64?, on connection: Connection) throws -> [Found] {
        let bounds = SimilarityBounds(folded)
        let lengths = bounds.leastBytes(suggestionThreshold)...bounds.mostBytes(suggestionThreshold)
        var found: [Found] = []
        try AnsweredQuestions.of(twin, on: connection).forEach(lengths: lengths) { key, bytes in
            guard bounds.mayReach(suggestionThreshold, bytes), try isPermitted(key, group, on: connection) else { return }
            let other = String(decoding: bytes, as: UTF8.self)
            let ratio = TextSimilarity.ratio(folded, other)
            if ratio >= suggestionThreshold { found.append(Found(key: key, folded: other, ratio: ratio)) }
        }
        return found
    }

    /// Whether a group may get an answer; no group stands for everything.
    private static func isPermitted(_ answer: Int64, _ group: Int64?, on connection: Connection) throws -> Bool {
        guard let group else { return true }
        let isGranted = try connection.first(
            "SELECT 1 FROM verified_answers v WHERE v.key = ?1 AND \(Visibility.isGranted(.verifiedAnswer, "v", to: "?2"))",
            answer, group, map: { _ in true })
        return isGranted == true
    }

    private static func load(_ key: Int64, on connection: Connection) throws -> VerifiedAnswer {
        guard
            let answer = try connection.first(
                "SELECT \(VerifiedAnswer.columns) FROM verified_answers v JOIN twins t ON t.key = v.twin_key WHERE v.key = ?",
                key,
                map: VerifiedAnswer.init)
        else { throw TwinError(.notFound, "the verified answer has been deleted") }
        return answer
    }

    /// Whether two folded questions differ in word endings and in words without weight only. A ratio cannot tell that
    /// "before" and "after", or 5W30 and 5W40, make another question of a long one; this can.
    static func asksTheSame(_ one: String, _ other: String, _ language: Language) -> Bool {
        let analyzer = Analyzer(language: language)
        func weighty(_ text: String) -> [String] {
            QuestionText.words(text).filter { !weightless.contains($0) }.map { analyzer.term(of: $0) }
        }
        return weighty(one) == weighty(other)
    }

    /// Whether two folded questions that are near in meaning ask for the same thing. A vector hardly tells numbers, negations
    /// and opposites apart, so those have to agree; and of questions in nearly the same letters all words with weight, because
    /// there the one word that differs is what matters.
    static func meansTheSame(_ one: String, _ other: String, _ ratio: Double, _ language: Language) -> Bool {
        let (first, second) = (Set(QuestionText.words(one)), Set(QuestionText.words(other)))
        func numbers(_ words: Set<String>) -> Set<String> { words.filter { $0.utf8.contains { (0x30...0x39).contains($0) } } }
        guard numbers(first) == numbers(second), first.isDisjoint(with: negations) == second.isDisjoint(with: negations) else {
            return false
        }
        let isTurned = opposites.contains { left, right in
            let (a, b) = (first.contains(left), first.contains(right))
            return a != b && a == second.contains(right) && b == second.contains(left)
        }
        guard !isTurned else { return false }
        guard ratio >= suggestionThreshold else { return true }
        let analyzer = Analyzer(language: language)
        return TextSimilarity.contentTerms(of: one, analyzer: analyzer)
            == TextSimilarity.contentTerms(of: other, analyzer: analyzer)
    }

    private static let negations: Set<String> = [
        "not", "no", "never", "none", "without", "dont", "doesnt", "didnt", "cant", "cannot", "wont", "isnt", "arent", "shouldnt",
        "mustnt",
    ]

    private static let opposites: [(String, String)] = [
        ("before", "after"), ("more", "less"), ("most", "least"), ("minimum", "maximum"), ("min", "max"), ("first", "last"),
        ("open", "close"), ("start", "stop"), ("begin", "end"), ("buy", "sell"), ("on", "off"), ("in", "out"), ("above", "below"),
        ("over", "under"), ("up", "down"), ("increase", "decrease"), ("for", "against"), ("with", "without"),
        ("enable", "disable"),
        ("add", "remove"), ("import", "export"), ("hot", "cold"), ("old", "new"), ("left", "right"), ("highest", "lowest"),
    ]

    private static let weightless: Set<String> = [
        "a", "an", "the", "is", "are", "do", "does", "what", "whats", "please", "your", "you", "that", "of", "there", "hi",
        "hello",
        "tell", "me", "s", "re",
    ]
}

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
    /// From this ratio of letters on a question is offered as "did you mean".
    static let suggestionThreshold = 0.80
    /// From this share of the weight of their words on as well.
    static let suggestedOverlap = 0.38
    /// What two questions of one meaning must share of their words at the least, as a Jaccard index: vectors alone bring
    /// things together that only belong to one field.
    static let leastOverlap = 0.12
    /// Questions near in meaning that are looked at.
    private static let maximumMeanings = 16
    /// Questions with common words that are looked at.
    private static let maximumOverlapping = 12

    /// A question that may be the one.
    private struct Found {
        var key: Int64
        var folded: String
        /// 0 when it is below the threshold.
        var ratio = 0.0
        /// The same.
        var cosine = 0.0
        /// The same.
        var overlap = 0.0
        /// The part of the weight of their words that both have, also below the threshold.
        var sharing = 0.0
        /// What keeps it from the question asked, when that makes no other question of it.
        var difference: WordingDifference?

        /// By wording alone, 0 when something else is asked.
        var wording: Double { difference.map { 1 - Double($0.cost) / 100 } ?? 0 }
        var similarity: Double { max(ratio, cosine, overlap, wording) }
        var match: QuestionMatch { cosine > max(ratio, wording) ? .semantic : .fuzzy }
    }

    /// Looks among the active answers that `clearance` may get; all others do not exist for it. Without a `meaning` questions
    /// are compared by their letters and words alone.
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
        let answered = try AnsweredQuestions.of(twin, on: connection)
        guard !answered.isEmpty else { return VerifiedAnswerMatch() }

        let comparison = try Comparison(question, folded, twin: twin, clearance: clearance, on: connection)
        var found = try fuzzy(comparison.asked.words.joined(separator: " "), in: answered, group: group, on: connection)
        let words = answered.words(
            only: try granted(to: group, twin: twin, on: connection), language: twin.settings.language, kinds: comparison.kinds)
        let overlapping = words.index.overlapping(comparison.asked.words, limit: maximumOverlapping)
        for other in overlapping.best {
            let overlap = other.score >= suggestedOverlap ? other.score : 0
            if let place = found.firstIndex(where: { $0.key == words.keys[other.place] }) {
                found[place].overlap = overlap
                found[place].sharing = other.score
            } else {
                found.append(
                    Found(key: words.keys[other.place], folded: words.folded[other.place], overlap: overlap, sharing: other.score)
                )
            }
        }
        for place in found.indices {
            found[place].difference = try comparison.difference(
                from: found[place].folded, key: found[place].key, words: words.index, on: connection)
        }
        try addMeanings(meaning, to: &found, folded, twin: twin, group: group, on: connection)
        return try chosen(from: found, comparison, complete: overlapping.complete, twin: twin, on: connection)
    }

    /// The answer to give and the questions to offer.
    private static func chosen(
        from all: [Found], _ comparison: Comparison, complete: Int, twin: Twin, on connection: Connection
    ) throws -> VerifiedAnswerMatch {
        let found = all.filter { $0.similarity > 0 }.sorted { ($0.similarity, $1.key) > ($1.similarity, $0.key) }
        func candidate(_ found: Found, _ similarity: Double? = nil) throws -> Candidate {
            Candidate(
                answer: try load(found.key, on: connection), similarity: similarity ?? found.similarity, match: found.match)
        }
        var match = VerifiedAnswerMatch()
        var given: Int64?
        // What is said of two stored questions equally is for the asker to choose, and so is what may be left out of several.
        let same = found.filter { $0.difference != nil }
        if let best = same.min(by: { ($0.difference?.cost ?? 0, $0.key) < ($1.difference?.cost ?? 0, $1.key) }),
            best.wording >= twin.settings[TwinSettings.automaticAnswers],
            same.count(where: { $0.difference?.cost == best.difference?.cost }) == 1,
            best.difference?.missing == nil || complete <= 1
        {
            match.automatic = try candidate(best, max(best.wording, best.cosine))
            given = best.key
        } else if let near = found.filter({ $0.cosine > 0 }).max(by: { ($0.cosine, $1.key) < ($1.cosine, $0.key) }),
            near.difference == nil, !all.contains(where: { $0.sharing > near.sharing }),
            try comparison.meansTheSame(near.folded, ratio: near.ratio, key: near.key, on: connection)
        {
            // Where the words speak for another question, neither is given: everything of one field is near in meaning.
            match.automatic = try candidate(near)
            given = near.key
        }
        for other in found where other.key != given && match.suggestions.count < maximumSuggestions {
            match.suggestions.append(try candidate(other))
        }
        return match
    }

    /// What the model says is near, among what has at least something in common with the question.
    private static func addMeanings(
        _ meaning: QuestionEmbedding?, to found: inout [Found], _ folded: String, twin: Twin, group: Int64?,
        on connection: Connection
    ) throws {
        guard let vector = meaning?.vector, let model = meaning?.index.model else { return }
        let analyzer = Analyzer(language: twin.settings.language)
        let near = try AnswerVectors(twin: twin.key, model: model).nearest(
            to: vector, atLeast: twin.settings[TwinSettings.semanticAnswers], limit: maximumMeanings, on: connection)
        for (key, cosine) in near {
            if let index = found.firstIndex(where: { $0.key == key }) {
                found[index].cosine = cosine
                continue
            }
            let other = try connection.first(
                "SELECT v.folded FROM verified_answers v WHERE \(permitted) AND v.key = ?3", twin.key, group, key,
                map: { $0.text(0) })
            guard let other, (TextSimilarity.overlap(folded, other, analyzer: analyzer) ?? 0) >= leastOverlap else { continue }
            found.append(Found(key: key, folded: other, cosine: cosine))
        }
    }

    /// The active answers that a group may get, in the order of their keys; none for everything.
    private static func granted(to group: Int64?, twin: Twin, on connection: Connection) throws -> [Int64]? {
        guard let group else { return nil }
        return try connection.rows(
            "SELECT v.key FROM verified_answers v WHERE \(permitted) ORDER BY v.key", twin.key, group, map: { $0.int64(0) })
    }

    private static let permitted = """
        v.twin_key = ?1 AND v.is_active AND \(Visibility.condition(.verifiedAnswer, "v", for: "?2"))
        """

    /// The questions whose letters are alike enough. Bounds that cost little leave few for the whole comparison, and none
    /// out that would reach the threshold. Permission is looked up for those few, before they are compared.
    private static func fuzzy(
        _ folded: String, in answered: AnsweredQuestions, group: Int64?, on connection: Connection
    ) throws -> [Found] {
        let bounds = SimilarityBounds(folded)
        let lengths = bounds.leastBytes(suggestionThreshold)...bounds.mostBytes(suggestionThreshold)
        var found: [Found] = []
        try answered.forEach(lengths: lengths) { key, bytes in
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
}
